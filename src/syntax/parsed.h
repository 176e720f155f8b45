#pragma once
// What reading a text syntax gives: the trees read until the end or the first problem.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/text_cursor.h"
#include "model/document.h"

namespace parapet {

// Something odd that does not stop the reading: `name` is an anomaly of docs/facts.md.
struct Note {
  std::string name, says;
  Place at;
};

struct Parsed {
  std::vector<Document> documents;
  std::string problem;  // empty: read to the end
  Place problem_at;
  std::vector<Note> notes;  // at most max_notes

  bool ok() const { return problem.empty(); }
  void fail(std::string why, Place at) {
    if (!problem.empty()) return;
    problem = std::move(why);
    problem_at = std::move(at);
  }
  void note(std::string name, std::string says, Place at) {
    if (notes.size() < max_notes)
      notes.push_back({std::move(name), std::move(says), std::move(at)});
  }
  static constexpr std::size_t max_notes = 20;
};

// Asked once per node; false stops the reading (a budget is spent). May be empty.
using KeepGoing = std::function<bool()>;

inline constexpr unsigned max_tree_depth = 200;  // deeper nesting is reported as a problem

inline Node node_at(const TextCursor& c, Node::Type type) {
  Node n;
  n.type = type;
  n.offset = c.offset();
  n.line = c.line();
  n.column = c.column();
  return n;
}
inline Place place_of(const TextCursor& c) { return {c.offset(), 0, c.line(), c.column(), {}}; }

// Notes every key of a map that stands more than once. Linear in the keys.
void note_duplicates(const Node& map, Parsed& out);

}  // namespace parapet
