// Protobuf's wire and text forms: what every model format that is built on them relies on.
#include <doctest/doctest.h>

#include "base/hexfile.h"
#include "formats/protobuf/text.h"
#include "formats/protobuf/wire.h"

using namespace parapet;
using namespace parapet::protobuf;

namespace {

std::string assembled(std::string_view hex) {
  auto bytes = assemble_hex(hex);
  REQUIRE(bytes);
  return *bytes;
}

std::uint64_t varint_of(std::string_view hex) {
  std::string bytes = assembled(hex);
  Cursor c(as_bytes(bytes));
  std::uint64_t v = read_varint(c);
  return c.ok() ? v : 4711;
}

}  // namespace

TEST_CASE("varints") {
  CHECK(varint_of("00") == 0);
  CHECK(varint_of("7f") == 127);
  CHECK(varint_of("ac 02") == 300);
  CHECK(varint_of("ff ff ff ff ff ff ff ff ff 01") == ~0ULL);
  CHECK(varint_of("80 80") == 4711);                             // cut
  CHECK(varint_of("ff ff ff ff ff ff ff ff ff ff 01") == 4711);  // eleven bytes
}

TEST_CASE("fields of every wire type, and groups passed over") {
  std::string bytes =
      assembled("pb1 300  09 u64 7  pb3( \"text\" )  23 pb5 1 2b 30 02 2c 24  35 u32 9  pb7 1");
  Cursor c(as_bytes(bytes));
  Field f;
  REQUIRE(read_field(c, f));
  CHECK((f.key == num(1) && f.value == 300));
  REQUIRE(read_field(c, f));
  CHECK((f.key == f64(1) && f.value == 7));
  REQUIRE(read_field(c, f));
  CHECK((f.key == len(3) && f.text() == "text" && f.place().offset == f.at));
  REQUIRE(read_field(c, f));
  CHECK((f.key == group(4) && f.body.left() == 7));
  REQUIRE(read_field(c, f));
  CHECK((f.key == f32(6) && f.value == 9));
  REQUIRE(read_field(c, f));
  CHECK(f.key == num(7));
  CHECK(!read_field(c, f));
  CHECK(c.ok());
}

TEST_CASE("what is no field fails the cursor") {
  for (std::string_view hex : {"00", "06", "07", "0c", "0b", "23 2c", "80 80 80 80 80 01"}) {
    std::string bytes = assembled(hex);
    Cursor c(as_bytes(bytes));
    Field f;
    while (read_field(c, f)) continue;
    CHECK_MESSAGE(!c.ok(), hex);
  }
}

TEST_CASE("a field that is cut is given once, with the cursor failed") {
  std::string bytes = assembled("0a 7f \"abc\"");
  Cursor c(as_bytes(bytes));
  Field f;
  REQUIRE(read_field(c, f));
  CHECK(f.text() == "abc");
  CHECK(!c.ok());
  CHECK(!read_field(c, f));
}

TEST_CASE("an outline: the last of texts, the largest of messages, strangers in between") {
  std::string bytes = assembled("pb9 1 pb1( \"a\" ) pb2( \"long\" ) pb1( \"b\" ) pb2( )");
  Outline o = outline(Cursor(as_bytes(bytes)), {len(1), len(2), len(3)});
  CHECK(o.sound);
  CHECK(o.others);
  CHECK(o.last(len(1))->text() == "b");
  CHECK(o.largest(len(2))->text() == "long");
  CHECK(!o.has(len(3)));
  CHECK(text_of(Cursor(as_bytes(bytes)), len(1)) == "b");
}

TEST_CASE("the text form: lists, comments, escapes, both kinds of braces") {
  TextReader r("a { b: [1, 2] # note\n c < d: \"x\\x41\\101\" 'z' > e: [] f: [{ g: -1.5e3 }] }");
  std::string seen;
  TextEvent e;
  while (r.next(e)) {
    if (e.kind == TextEvent::Kind::open) seen += e.name + "{";
    if (e.kind == TextEvent::Kind::close) seen += "}";
    if (e.kind == TextEvent::Kind::value) seen += e.name + "=" + e.value + ";";
  }
  CHECK(r.ok());
  CHECK(seen == "a{b=1;b=2;c{d=xAAz;}e=;f{g=-1.5e3;}}");
}

TEST_CASE("what is not the text form ends the reading") {
  for (std::string_view text : {"}", "a: ", "\"a\"", "a b", "a: \"open", "{"}) {
    TextReader r(text);
    TextEvent e;
    while (r.next(e)) continue;
    CHECK_MESSAGE(!r.ok(), text);
  }
}
