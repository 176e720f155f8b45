#pragma once
// Finds many literals in one pass over a text: an Aho-Corasick automaton as a dense table over the
// bytes that the literals use. The automaton folds ASCII case; a literal that asks for its exact
// case is compared once more where it was found.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace parapet {

struct Keyword {
  std::string text;  // not empty
  bool exact_case = false;
};

class Keywords {
 public:
  explicit Keywords(std::vector<Keyword> keywords);

  const Keyword& operator[](std::uint32_t id) const { return keywords_[id]; }
  std::size_t size() const { return keywords_.size(); }
  std::size_t states() const { return outputs_at_.size() - 1; }

  // Calls visit(id, end) for every occurrence, by rising end; `end` is the offset just past it.
  // Visit returns false to stop.
  template <class Visit>
  void scan(std::string_view text, Visit&& visit) const {
    const std::uint32_t* next = next_.data();
    const std::uint32_t accepting = first_accepting_;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    std::uint32_t state = root_;
    for (const char* p = begin; p != end; ++p) {
      state = next[state + class_of_[static_cast<unsigned char>(*p)]];
      if (state < accepting) [[likely]]
        continue;
      std::uint32_t row = state / classes_;
      auto at = static_cast<std::size_t>(p - begin) + 1;
      for (std::uint32_t i = outputs_at_[row]; i < outputs_at_[row + 1]; ++i) {
        const Keyword& k = keywords_[outputs_[i]];
        if (k.exact_case && text.substr(at - k.text.size(), k.text.size()) != k.text) continue;
        if (!visit(outputs_[i], at)) return;
      }
    }
  }

 private:
  std::vector<Keyword> keywords_;
  std::array<std::uint8_t, 256> class_of_{};  // 0: no literal has this byte
  std::uint32_t classes_ = 1;
  // A state is its row's offset in next_, so that a step is one addition and one load. States where
  // a literal ends come last: one comparison tells them.
  std::uint32_t root_ = 0, first_accepting_ = 0;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> outputs_, outputs_at_;  // per row: the literals that end there
};

}  // namespace parapet
