// The vectors are those of github/codeql-action, whose definition this is.
#include "base/line_hash.h"

#include <doctest/doctest.h>

#include <array>

#include "base/json.h"
#include "base/text.h"

using namespace parapet;
using Hashes = std::vector<std::string>;

TEST_CASE("line hashes of an empty text") {
  CHECK(line_hashes("") == Hashes{"c129715d7a2bc9a3:1"});
}

TEST_CASE("line hashes look 100 characters ahead") {
  const Hashes want{"e54938cc54b302f1:1", "bb609acbe9138d60:1", "1131fd5871777f34:1",
                    "5c482a0f8b35ea28:1", "54517377da7028d2:1", "2c644846cb18d53e:1",
                    "f1b89f20de0d133:1",  "c129715d7a2bc9a3:1"};
  CHECK(line_hashes("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n") == want);
  CHECK(line_hashes("  x = 2\r\nx\t=1\rprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n") == want);
}

TEST_CASE("equal lines are told apart by their occurrence") {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "Lorem ipsum dolor sit amet.\n";
  auto all = line_hashes(text);
  REQUIRE(all.size() == 11);
  for (std::size_t i = 0; i < 6; ++i) CHECK(all[i] == "a7f2ff13bc495cf2:" + std::to_string(i + 1));
  CHECK(all[6] == "a7f2ff1481e87703:1");

  const std::array<std::uint32_t, 3> lines{7, 2, 6};
  auto some = line_hashes(text, lines);
  REQUIRE(some.size() == 3);
  CHECK(some[2] == all[1]);
  CHECK(some[6] == all[5]);
  CHECK(some[7] == all[6]);
}

TEST_CASE("characters outside the first plane count as two units") {
  CHECK(line_hashes("\xF0\x9F\x98\x80\n") != line_hashes("\xEF\xBF\xBD\n"));
  CHECK(line_hashes("\xFF\n") == line_hashes("\xEF\xBF\xBD\n"));
}

TEST_CASE("a region counts code points and may span lines") {
  std::string_view text = "a\nn\xC3\xA4h: x\nlast";
  LineIndex index(text);
  auto r = index.region(text, 8, 1);  // the x
  CHECK(r.line == 2);
  CHECK(r.column == 6);
  CHECK(r.end_line == 2);
  CHECK(r.end_column == 7);
  r = index.region(text, 8, 1000);
  CHECK(r.end_line == 3);
  CHECK(r.end_column == 5);
}

TEST_CASE("JSON shows no control and no deceptive character") {
  CHECK(json_quoted("a\x1b[2J\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\xF3\xA0\x80\x81z") ==
        "\"a\\u001b[2J\\u009b\\u202e\\u2028\\udb40\\udc01z\"");
}
