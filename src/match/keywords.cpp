#include "match/keywords.h"

#include <algorithm>

#include "base/check.h"

namespace parapet {
namespace {

// The trie while it is built: rows in order of creation, row 0 is the root.
struct Trie {
  std::uint32_t classes;
  std::vector<std::uint32_t> next;  // 0: no child (nothing points back to the root in a trie)
  std::vector<std::vector<std::uint32_t>> outputs{1};

  explicit Trie(std::uint32_t n) : classes(n), next(n, 0) {}

  std::uint32_t step(std::uint32_t row, std::uint8_t c) {
    std::size_t at = std::size_t{row} * classes + c;
    if (next[at] == 0) {
      next[at] = static_cast<std::uint32_t>(outputs.size());
      outputs.emplace_back();
      next.resize(next.size() + classes, 0);
    }
    return next[at];
  }

  // Turns the trie into the automaton, breadth first: a missing child is the child of the longest
  // proper suffix that is also a prefix, and what ends there ends here too.
  void complete() {
    std::vector<std::uint32_t> fallback(outputs.size(), 0);
    std::vector<std::uint32_t> queue{0};
    for (std::size_t head = 0; head < queue.size(); ++head) {
      std::uint32_t row = queue[head];
      for (std::uint32_t c = 0; c < classes; ++c) {
        std::uint32_t& child = next[std::size_t{row} * classes + c];
        std::uint32_t from_suffix = row == 0 ? 0 : next[std::size_t{fallback[row]} * classes + c];
        if (child == 0) {
          child = from_suffix;
          continue;
        }
        fallback[child] = from_suffix;
        outputs[child].insert(outputs[child].end(), outputs[from_suffix].begin(),
                              outputs[from_suffix].end());
        queue.push_back(child);
      }
    }
  }
};

}  // namespace

Keywords::Keywords(std::vector<Keyword> keywords) : keywords_(std::move(keywords)) {
  for (const Keyword& k : keywords_)
    for (char c : k.text) {
      std::uint8_t& of = class_of_[static_cast<unsigned char>(lower(c))];
      if (of == 0) of = static_cast<std::uint8_t>(std::min(classes_++, 255U));
    }
  for (char c = 'A'; c <= 'Z'; ++c)
    class_of_[static_cast<unsigned char>(c)] = class_of_[static_cast<unsigned char>(lower(c))];
  Trie trie(classes_);
  for (std::uint32_t id = 0; id < keywords_.size(); ++id) {
    check(!keywords_[id].text.empty());
    std::uint32_t row = 0;
    for (char c : keywords_[id].text)
      row = trie.step(row, class_of_[static_cast<unsigned char>(c)]);
    trie.outputs[row].push_back(id);
  }
  trie.complete();

  std::size_t rows = trie.outputs.size();
  std::vector<std::uint32_t> moved(rows);
  std::uint32_t place = 0;
  for (bool accepts : {false, true}) {
    if (accepts) first_accepting_ = place * classes_;
    for (std::size_t row = 0; row < rows; ++row)
      if (trie.outputs[row].empty() != accepts) moved[row] = place++;
  }
  next_.resize(trie.next.size());
  outputs_at_.assign(rows + 1, 0);
  std::vector<std::uint32_t> old_row(rows);
  for (std::uint32_t row = 0; row < rows; ++row) old_row[moved[row]] = row;
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::uint32_t old = old_row[row];
    for (std::uint32_t c = 0; c < classes_; ++c)
      next_[std::size_t{row} * classes_ + c] =
          moved[trie.next[std::size_t{old} * classes_ + c]] * classes_;
    outputs_.insert(outputs_.end(), trie.outputs[old].begin(), trie.outputs[old].end());
    outputs_at_[row + 1] = static_cast<std::uint32_t>(outputs_.size());
  }
  root_ = moved[0] * classes_;
}

}  // namespace parapet
