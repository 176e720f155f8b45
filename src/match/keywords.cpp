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

// Where the rarest two groups that overlap begin: of five bytes.
std::size_t rarest_groups(std::string_view word) {
  std::size_t best = 0;
  unsigned least = ~0U;
  for (std::size_t i = 0; i + 5 <= word.size(); ++i) {
    unsigned sum = 0;
    for (char c : word.substr(i, 5)) sum += frequency(c);
    if (sum < least) {
      least = sum;
      best = i;
    }
  }
  return best;
}

}  // namespace

// Where the keyword is too short for a whole group, whatever stands beside it.
void Keywords::add_group(std::uint32_t keyword, std::int32_t at) {
  std::string_view word = keywords_[keyword].text;
  char four[4] = {};
  std::size_t open = 4;  // the byte of the group that may be anything; 4: none
  for (std::size_t i = 0; i < 4; ++i) {
    std::int64_t in = at + static_cast<std::int64_t>(i);
    if (in < 0 || in >= static_cast<std::int64_t>(word.size()))
      open = i;
    else
      four[i] = word[static_cast<std::size_t>(in)];
  }
  // A folded byte has bit 5 set.
  for (unsigned any = 0x20; any < 256; any = open == 4 ? 256 : (any + 1) | 0x20U) {
    if (open < 4) four[open] = static_cast<char>(any);
    groups_.push_back({folded(four), keyword, at});
  }
}

Keywords::Keywords(std::vector<Keyword> keywords) : keywords_(std::move(keywords)) {
  for (std::uint32_t id = 0; id < keywords_.size(); ++id) {
    const std::string& word = keywords_[id].text;
    check(word.size() >= Keyword::shortest);
    auto at = word.size() < 5 ? -1 : static_cast<std::int32_t>(rarest_groups(word));
    add_group(id, at);
    add_group(id, at + 1);
  }
  auto bucket = [](const Group& g) { return hash(g.bytes) >> (hash_bits - bucket_bits); };
  std::sort(groups_.begin(), groups_.end(), [&](const Group& x, const Group& y) {
    return bucket(x) != bucket(y) ? bucket(x) < bucket(y) : x.keyword < y.keyword;
  });
  bucket_at_.assign((1U << bucket_bits) + 1, 0);
  for (const Group& g : groups_) {
    ++bucket_at_[bucket(g) + 1];
    bits_[hash(g.bytes) >> 6U] |= std::uint64_t{1} << (hash(g.bytes) & 63U);
    other_bits_[other_hash(g.bytes) >> 6U] |= std::uint64_t{1} << (other_hash(g.bytes) & 63U);
  }
  for (std::size_t i = 1; i < bucket_at_.size(); ++i) bucket_at_[i] += bucket_at_[i - 1];
}

std::size_t Keywords::next(const char* text, std::size_t i, std::size_t end) const {
  for (; i + 8 <= end; i += 8) {
    unsigned any = 0;
    for (std::size_t k = 0; k < 8; k += 2) any |= unsigned{maybe(folded(text + i + k))};
    if (any == 0) continue;
    for (std::size_t k = 0; k < 8; k += 2) {
      std::uint32_t group = folded(text + i + k);
      if (maybe(group) && likely(group)) return i + k;
    }
  }
  while (i < end && !maybe(folded(text + i))) i += 2;
  return i;
}

}  // namespace parapet
