#pragma once
// A join brings facts of several files together: the version that a requirement pins to the call
// that it decides about. It sets attributes of facts, and rules that ask for these attributes judge
// after all joins.
// To add one: write src/joins/NAME.cpp that defines `extern const Join NAME`.
#include <span>
#include <string_view>

#include "model/estate.h"

namespace parapet {

// "a/b/c.yaml" -> "a/b"; empty at the top.
inline std::string_view folder_of(std::string_view path) {
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

struct Join {
  std::string_view name;
  std::string_view title;                  // one line, what is joined with what
  std::string_view kind;                   // of the facts whose attributes it sets
  std::span<const std::string_view> sets;  // these attributes
  // Facts that it wants to see in Estate::kept. Called with every fact of the scan: be quick.
  bool (*reads)(const Fact&);
  void (*join)(Estate&);
};

// In the order of their names.
std::span<const Join* const> all_joins();

}  // namespace parapet
