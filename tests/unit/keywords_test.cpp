#include "match/keywords.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace parapet;

namespace {

using Found = std::vector<std::pair<std::size_t, std::uint32_t>>;  // end, id

Found by_pass(const Keywords& k, std::string_view text) {
  Found out;
  k.scan(text, [&](std::uint32_t id, std::size_t end) {
    out.emplace_back(end, id);
    return true;
  });
  std::sort(out.begin(), out.end());
  return out;
}

Found one_by_one(const std::vector<Keyword>& words, std::string_view text) {
  Found out;
  for (std::uint32_t id = 0; id < words.size(); ++id) {
    const std::string& w = words[id].text;
    for (std::size_t i = 0; i + w.size() <= text.size(); ++i) {
      auto here = text.substr(i, w.size());
      if (words[id].exact_case ? here == w : equals_ignoring_case(here, w))
        out.emplace_back(i + w.size(), id);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("Keywords finds overlapping literals and literals in literals") {
  Keywords k({{"her_"}, {"she"}, {"his"}, {"hers"}, {"her", true}});
  CHECK(by_pass(k, "uSHErs") == Found{{4, 1}, {6, 3}});
  CHECK(by_pass(k, "hers") == Found{{3, 4}, {4, 3}});
  CHECK(by_pass(k, "sh").empty());
  CHECK(by_pass(k, "").empty());
}

TEST_CASE("Keywords says what a search for each literal says") {
  std::mt19937 random(7);
  auto letter = [&](int n) {
    return static_cast<char>("abcABC_-\x80\xFFzq"[random() % static_cast<unsigned>(n)]);
  };
  for (int round = 0; round < 60; ++round) {
    int alphabet = round % 2 == 0 ? 6 : 12;
    std::vector<Keyword> words;
    for (int i = 0; i < 20; ++i) {
      std::string w;
      for (std::size_t n = 3 + random() % 5; n > 0; --n) w += letter(alphabet);
      words.push_back({w, random() % 2 == 0});
    }
    std::string text;
    for (int i = 0; i < 400; ++i) text += letter(alphabet);
    REQUIRE(by_pass(Keywords(words), text) == one_by_one(words, text));
  }
}

TEST_CASE("Keywords stops when it is told to") {
  Keywords k({{"aaa"}});
  int seen = 0;
  k.scan("aaaaaa", [&](std::uint32_t, std::size_t) { return ++seen < 2; });
  CHECK(seen == 2);
}
