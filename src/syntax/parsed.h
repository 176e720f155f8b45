#pragma once
// What reading a text syntax gives: the trees read until the end or the first problem.
#include <functional>
#include <string>
#include <vector>

#include "model/document.h"

namespace parapet {

struct Parsed {
  std::vector<Document> documents;
  std::string problem;  // empty: read to the end
  Place problem_at;

  bool ok() const { return problem.empty(); }
};

// Asked once per node; false stops the reading (a budget is spent). May be empty.
using KeepGoing = std::function<bool()>;

inline constexpr unsigned max_tree_depth = 200;  // deeper nesting is reported as a problem

}  // namespace parapet
