#include "match/keywords.h"

#include <algorithm>

#include "base/check.h"

namespace parapet {
namespace {

// How often a byte stands in source, configuration and tables, roughly: 0 seldom to 9 often. Of a
// keyword's groups the one with the lowest sum is looked for.
unsigned frequency(char c) {
  constexpr std::string_view by_rank[] = {"jqxz~^%&",    "kvw$?!+`|@", "bfgyhp#<>",
                                          "umcdl{}[];*", "ior9876543", "snat/:='\"_-(),.",
                                          "e012\n"};
  char l = lower(c);
  for (unsigned i = 0; i < std::size(by_rank); ++i)
    if (by_rank[i].find(l) != std::string_view::npos) return i + 1;
  return l == ' ' ? 9 : 0;
}

std::size_t rarest_group(std::string_view word) {
  std::size_t best = 0;
  unsigned least = ~0U;
  for (std::size_t i = 0; i + 4 <= word.size(); ++i) {
    unsigned sum = 0;
    for (char c : word.substr(i, 4)) sum += frequency(c);
    if (sum < least) {
      least = sum;
      best = i;
    }
  }
  return best;
}

}  // namespace

Keywords::Keywords(std::vector<Keyword> keywords) : keywords_(std::move(keywords)) {
  for (std::uint32_t id = 0; id < keywords_.size(); ++id) {
    const std::string& word = keywords_[id].text;
    check(word.size() >= Keyword::shortest);
    if (word.size() >= 4) {
      auto at = rarest_group(word);
      groups_.push_back({folded(word.data() + at), id, static_cast<std::uint32_t>(at)});
      continue;
    }
    // Three bytes: whatever follows them, and a folded byte has bit 5 set.
    for (unsigned next = 0; next < 256; ++next) {
      if ((next & 0x20U) == 0) continue;
      const char four[4] = {word[0], word[1], word[2], static_cast<char>(next)};
      groups_.push_back({folded(four), id, 0});
    }
  }
  auto bucket = [](const Group& g) { return hash(g.bytes) >> 5U; };
  std::sort(groups_.begin(), groups_.end(), [&](const Group& x, const Group& y) {
    return bucket(x) != bucket(y) ? bucket(x) < bucket(y) : x.keyword < y.keyword;
  });
  bucket_at_.assign((1U << 12U) + 1, 0);
  for (const Group& g : groups_) {
    ++bucket_at_[bucket(g) + 1];
    bits_[hash(g.bytes) >> 6U] |= std::uint64_t{1} << (hash(g.bytes) & 63U);
  }
  for (std::size_t i = 1; i < bucket_at_.size(); ++i) bucket_at_[i] += bucket_at_[i - 1];
}

std::size_t Keywords::next(const char* text, std::size_t i, std::size_t end) const {
  for (; i + 4 <= end; i += 4) {
    unsigned any = 0;
    for (std::size_t k = 0; k < 4; ++k) any |= unsigned{maybe(folded(text + i + k))};
    if (any != 0) break;
  }
  while (i < end && !maybe(folded(text + i))) ++i;
  return i;
}

}  // namespace parapet
