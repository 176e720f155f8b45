#include "base/cursor.h"

#include <doctest/doctest.h>

using namespace parapet;

TEST_CASE("Cursor reads both orders") {
  Cursor c(as_bytes("\x01\x02\x01\x02"));
  CHECK(c.le<std::uint16_t>() == 0x0201);
  CHECK(c.be<std::uint16_t>() == 0x0102);
  CHECK(c.ok());
}

TEST_CASE("Cursor: the first failure sticks and keeps its offset") {
  Cursor c(as_bytes("abc"));
  c.skip(2);
  CHECK(c.le<std::uint32_t>() == 0U);
  CHECK(c.text(1).empty());
  CHECK_FALSE(c.ok());
  CHECK(c.offset() == 2U);
  CHECK(std::string_view(c.error()) == "truncated");
}

TEST_CASE("Cursor: a read that ends exactly at the end fits") {
  Cursor c(as_bytes("abcd"));
  CHECK(c.text(4) == "abcd");
  CHECK(c.ok());
}

TEST_CASE("Cursor: huge lengths and offsets do not wrap") {
  Cursor c(as_bytes("abcd"), 100);
  c.skip(1);
  c.skip(std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(c.ok());
  Cursor d(as_bytes("abcd"), 100);
  d.seek(102);
  CHECK(d.text(2) == "cd");
  d.seek(99);
  CHECK_FALSE(d.ok());
}

TEST_CASE("Cursor: until moves past the stop, or fails where it stood") {
  Cursor c(as_bytes("os\nsystem"));
  CHECK(c.until('\n') == "os");
  CHECK(c.offset() == 3);
  CHECK(c.until('\n').empty());
  CHECK_FALSE(c.ok());
}

TEST_CASE("Cursor: a count is believed only when that many elements can follow") {
  Cursor c(as_bytes("0123456789"));
  CHECK(c.count<5>(2) == 2);
  CHECK(c.count<5>(3) == 0);
  CHECK_FALSE(c.ok());
}
