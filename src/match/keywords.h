#pragma once
// Finds many literals in one pass over a text. At every second byte the next four, case folded, are
// hashed into a bitmap of 32 KiB that knows two groups of four bytes of each literal, one for
// either parity of its place and the rarest that it has; only where the bit is set is a literal
// compared. No byte waits for the one before it, so the pass runs at several times the speed of an
// automaton (docs/decisions.md).
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace parapet {

struct Keyword {
  static constexpr std::size_t shortest = 3;  // bytes
  std::string text;                           // at least `shortest` long
  bool exact_case = false;
};

class Keywords {
 public:
  explicit Keywords(std::vector<Keyword> keywords);

  const Keyword& operator[](std::uint32_t id) const { return keywords_[id]; }
  std::size_t size() const { return keywords_.size(); }

  // Calls visit(id, end) for every occurrence once; `end` is the offset just past it. Ends rise up
  // to the length of a keyword. Visit returns false to stop.
  template <class Visit>
  void scan(std::string_view text, Visit&& visit) const {
    const char* const begin = text.data();
    std::size_t whole = text.size() < 4 ? 0 : text.size() - 3;
    std::size_t i = next(begin, 0, whole);
    for (; i < whole; i = next(begin, i + 2, whole))
      if (!compare(text, i, folded(begin + i), visit)) return;
    // The last three bytes begin no group of four: zeros stand for what is not there.
    for (; i < text.size(); i += 2) {
      char rest[4] = {};
      std::memcpy(rest, begin + i, text.size() - i);
      if (maybe(folded(rest)) && !compare(text, i, folded(rest), visit)) return;
    }
  }

 private:
  static constexpr unsigned hash_bits = 18;
  static constexpr unsigned bucket_bits = 14;  // the upper ones of the hash

  // A group of four bytes that begins `at` in a keyword; -1: one byte before it.
  struct Group {
    std::uint32_t bytes;  // folded
    std::uint32_t keyword;
    std::int32_t at;
  };
  void add_group(std::uint32_t keyword, std::int32_t at);

  // ASCII letters of both cases become one; some other bytes do as well, which a comparison sorts
  // out.
  static std::uint32_t folded(const char* p) {
    std::uint32_t v;
    std::memcpy(&v, p, sizeof v);
    return v | 0x20202020U;
  }
  static std::uint32_t hash(std::uint32_t group) {
    return group * 0x9E3779B1U >> (32U - hash_bits);
  }
  static std::uint32_t other_hash(std::uint32_t group) {
    return group * 0x85EBCA6BU >> (32U - hash_bits);
  }
  using Bits = std::array<std::uint64_t, (1U << hash_bits) / 64>;
  static bool holds(const Bits& bits, std::uint32_t h) {
    return (bits[h >> 6U] >> (h & 63U) & 1U) != 0;
  }
  bool maybe(std::uint32_t group) const { return holds(bits_, hash(group)); }
  // Asked after maybe(): of a hundred groups that no keyword has one passes both at most.
  bool likely(std::uint32_t group) const { return holds(other_bits_, other_hash(group)); }

  // The first place from `i` on, in steps of two, where a keyword may have a group, or one at or
  // past `end`. On its own, so that what the loop needs stays in registers.
  std::size_t next(const char* text, std::size_t i, std::size_t end) const;

  template <class Visit>
  bool compare(std::string_view text, std::size_t at, std::uint32_t group, Visit&& visit) const {
    std::uint32_t bucket = hash(group) >> (hash_bits - bucket_bits);
    for (std::uint32_t i = bucket_at_[bucket]; i < bucket_at_[bucket + 1]; ++i) {
      const Group& g = groups_[i];
      auto start = static_cast<std::int64_t>(at) - g.at;
      if (g.bytes != group || start < 0 || start >= static_cast<std::int64_t>(text.size()))
        continue;
      const Keyword& k = keywords_[g.keyword];
      auto from = static_cast<std::size_t>(start);
      std::string_view here = text.substr(from, k.text.size());
      bool same = k.exact_case ? here == k.text : equals_ignoring_case(here, k.text);
      if (same && !visit(g.keyword, from + k.text.size())) return false;
    }
    return true;
  }

  std::vector<Keyword> keywords_;
  Bits bits_{}, other_bits_{};
  std::vector<Group> groups_;             // by bucket
  std::vector<std::uint32_t> bucket_at_;  // and one more: where a bucket begins in groups_
};

}  // namespace parapet
