#include "base/text.h"

#include <doctest/doctest.h>

#include "base/json.h"

using namespace parapet;

TEST_CASE("printable shows what would hide or move the terminal") {
  CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(printable("a\xE2\x80\xAE"
                  "b") == "a\\u{202e}b");
  CHECK(printable("\xFF\xFE") == "\\xff\\xfe");
  CHECK(printable("Gr\xC3\xBC\xC3\x9F"
                  "e") ==
        "Gr\xC3\xBC\xC3\x9F"
        "e");
  CHECK(printable("0123456789", 4) == "0123\xE2\x80\xA6");
  CHECK(printable("a\nb\tc") == "a\\nb\\tc");
}

TEST_CASE("redacted shows at most four and two characters") {
  CHECK(redacted("short") == "[redacted]");
  CHECK(redacted("abcdefghijklmnop") == "abcd\xE2\x80\xA6op");
}

TEST_CASE("globs keep to a path segment unless doubled") {
  CHECK(glob_matches("*.py", "a.py"));
  CHECK_FALSE(glob_matches("*.py", "b/a.py"));
  CHECK(glob_matches("**/*.py", "b/c/a.py"));
  CHECK(glob_matches("**/.venv/**", "x/.venv/lib/a"));
  CHECK(glob_matches("deploy/**", "deploy/k8s/a.yaml"));
  CHECK_FALSE(glob_matches("deploy/?.yaml", "deploy/ab.yaml"));
  CHECK_FALSE(glob_matches("*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

TEST_CASE("text is told from binary") {
  CHECK(looks_like_text(as_bytes("plain\ntext\n")));
  CHECK(
      looks_like_text(as_bytes("Gr\xC3\xBC\xC3\x9F"
                               "e")));
  CHECK_FALSE(looks_like_text(as_bytes(std::string_view("\x80\x04\x95\0\0", 5))));
}

TEST_CASE("lines are found by offset") {
  LineIndex lines("ab\ncd\n\nx");
  CHECK(lines.at(0).line == 1);
  CHECK(lines.at(4).line == 2);
  CHECK(lines.at(4).column == 2);
  CHECK(lines.at(6).line == 3);
  CHECK(lines.at(7).line == 4);
  CHECK(lines.start_of(2) == 3);
}

TEST_CASE("JSON strings survive hostile text") {
  CHECK(json_quoted("a\"\\\n\x01") == "\"a\\\"\\\\\\n\\u0001\"");
  CHECK(json_quoted("\xFF") == "\"\xEF\xBF\xBD\"");
  JsonWriter w(false);
  w.begin_object().field("a", 1).key("b").begin_array().value(true).null().end_array().end_object();
  CHECK(w.text() == R"({"a":1,"b":[true,null]})");
}

TEST_CASE("contains agrees with find") {
  const std::string letters = "ae\"wP\x05_";
  std::uint64_t state = 7;
  auto random = [&](std::size_t length) {
    std::string s;
    for (std::size_t i = 0; i < length; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      s += letters[state >> 33U & 7U ? (state >> 40U) % letters.size() : 0];
    }
    return s;
  };
  for (std::size_t i = 0; i < 4000; ++i) {
    std::string text = random(i % 40);
    std::string part = random(i % 5);
    CHECK(contains(text, part) == (text.find(part) != std::string::npos));
  }
}
