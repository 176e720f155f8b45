// PEP 440: the order of versions and what specifiers let through.
#include "base/version.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <fstream>

using namespace parapet;

namespace {

Version version(std::string_view text) {
  auto v = parse_version(text);
  REQUIRE_MESSAGE(v, text);
  return *v;
}

bool lets_through(std::string_view specifier, std::string_view text) {
  auto s = parse_specifier(specifier);
  REQUIRE_MESSAGE(s, specifier);
  return admits(*s, version(text));
}

// Oldest first; those of one row are the same version.
const std::vector<std::vector<std::string_view>> in_order = {
    {"0", "0.0", "v0"},
    {"0.9.dev1"},
    {"0.9"},
    {"1.dev0", "1.0.dev0", "1.0dev", "1.0-DEV"},
    {"1.0.dev456"},
    {"1.0a1.dev1"},
    {"1.0a1", "1.0-alpha.1", "1.0_ALPHA1"},
    {"1.0a2.dev456"},
    {"1.0a12"},
    {"1.0b1.dev456"},
    {"1.0b2", "1.0.beta_2"},
    {"1.0b2.post345.dev456"},
    {"1.0b2.post345", "1.0b2-345"},
    {"1.0rc1", "1.0c1", "1.0-preview1", "1.0pre1"},
    {"1", "1.0", "1.0.0", "  v1.0 ", "01.00"},
    {"1.0+abc.5"},
    {"1.0+abc.7"},
    {"1.0+5", "1.0+05"},
    {"1.0.post456.dev34"},
    {"1.0.post456", "1.0-456", "1.0r456", "1.0.rev456"},
    {"1.0.15"},
    {"1.1.dev1"},
    {"1.2"},
    {"1.10"},
    {"1.99999999999999999999999"},
    {"1!0.1"},
    {"2!0"}};

}  // namespace

TEST_CASE("versions have one order, whatever their spelling") {
  for (std::size_t i = 0; i < in_order.size(); ++i)
    for (auto a : in_order[i])
      for (std::size_t j = 0; j < in_order.size(); ++j)
        for (auto b : in_order[j]) {
          CAPTURE(a);
          CAPTURE(b);
          CHECK((compare(version(a), version(b)) <=> 0) == (i <=> j));
        }
}

TEST_CASE("what is no version is not taken for one") {
  for (std::string_view text : {"", "latest", "1.x", "1..2", "1.0+", "1.0+a..b", "1.0 beta gamma",
                                "2024.1-py3", "b3561", "1.0*", "=1", "1!", "1.0-+x"})
    CHECK_FALSE_MESSAGE(parse_version(text), text);
  CHECK_FALSE(parse_version(std::string(1000, '1')));
}

TEST_CASE("specifiers let through what the PEP says") {
  struct Row {
    std::string_view specifier, yes, no;
  };
  // clang-format off
  for (const Row& r : {
           Row{"==1.0", "1 1.0 1.0.0 1.0+local", "1.0.1 1.0a1 1.0.post1"},
           {"==1.0+abc", "1.0+abc", "1.0 1.0+abd"},
           {"==1.4.*", "1.4 1.4.0 1.4.9 1.4rc1 1.4.post1", "1.40 1.5 1"},
           {"!=1.4.*", "1.40 1.5", "1.4.1"},
           {"!=1.4", "1.4.1", "1.4 1.4.0"},
           {"~=2.2", "2.2 2.9 2.10", "3.0 2.1"},
           {"~=1.4.5", "1.4.5 1.4.99", "1.5 1.4.4 2.0"},
           {"~=2.2.post3", "2.2.post3 2.3", "2.2 3.0"},
           {">=1.0", "1.0 1.0+x 2", "0.9 1.0rc1"},
           {"<=1.0", "1.0 1.0+x 0.9", "1.0.post1"},
           {"<2.0", "1.9 1.9rc1", "2.0 2.0rc1 2.0.dev1"},
           {"<2.0rc2", "2.0rc1 1.9", "2.0rc2 2.0"},
           {">1.7", "1.7.1 1.8", "1.7 1.7.post1 1.7+x"},
           {">1.7.post1", "1.7.post2 1.8", "1.7.post1 1.7"},
           {"===1.0", "1.0", "1.1"},
           {">=1.0,<2.0,!=1.5", "1.0 1.4 1.9.9", "1.5 2.0 0.9"},
           {"", "1 2 0.1", ""},
       }) {
    // clang-format on
    auto each = [&](std::string_view list, bool want) {
      while (!list.empty()) {
        auto space = std::min(list.find(' '), list.size());
        CAPTURE(r.specifier);
        CAPTURE(list.substr(0, space));
        CHECK(lets_through(r.specifier, list.substr(0, space)) == want);
        list.remove_prefix(std::min(space + 1, list.size()));
      }
    };
    each(r.yes, true);
    each(r.no, false);
  }
  for (std::string_view bad : {"1.0", "=1.0", "~=1", ">=", "==x", ">=1.0;<2", "=>1"})
    CHECK_FALSE_MESSAGE(parse_specifier(bad), bad);
}

TEST_CASE("versions of other worlds compare by their numbers") {
  CHECK(compare_versions("2.6.0", "2.10.0") < 0);
  CHECK(compare_versions("2.6", "2.6.0") == 0);
  CHECK(compare_versions("v1.2", "1.2+cu118") == 0);
  CHECK(compare_versions("24.01-py3", "25.07") < 0);
  CHECK(compare_versions("25.10-py3", "25.07-py3") > 0);
  CHECK(compare_versions("b3561", "b10000") < 0);
  CHECK(compare_versions("1.0", "0.99999999999999999999") > 0);
}
