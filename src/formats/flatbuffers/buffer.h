#pragma once
// FlatBuffers without a schema compiler: a little-endian buffer of tables that point at one
// another. A table is {i32 distance back to its vtable, fields}; a vtable {u16 own size, u16
// table's size, u16 offset of each field in the table, 0 = absent}; vectors and texts are {u32
// count, elements}; what is not inline is reached by a u32 distance forward.
// https://flatbuffers.dev/internals/ Every distance is checked before it is followed. The first
// wrong one sticks, as in Cursor, and everything read after it is absent or empty. Distances lead
// forward only, so a buffer holds no cycle, but tables may be shared: ask sink.next() for each.
#include "base/cursor.h"

namespace parapet::flatbuffers {

struct Table {
  std::uint64_t at = 0, vtable = 0;
  std::uint16_t fields = 0;  // how many the vtable has room for
  std::uint16_t size = 0;
  explicit operator bool() const { return size != 0; }
};

struct Vector {
  std::uint64_t at = 0;  // of the first element
  std::uint64_t count = 0;
};

// Bytes 4 to 8 of a file: what its schema is called.
inline std::string_view identifier(Bytes bytes) {
  return bytes.size() < 8 ? std::string_view() : as_text(bytes.subspan(4, 4));
}

class Buffer {
 public:
  explicit Buffer(Bytes bytes) : c_(bytes) {}

  bool ok() const { return c_.ok(); }
  const Cursor& cursor() const { return c_; }
  void fail(const char* why) { c_.fail(why); }
  // The end of the furthest thing that was read.
  std::uint64_t reached() const { return reached_; }

  Table root() { return table_at(follow(0)); }

  bool has(const Table& t, unsigned field) { return field_at(t, field, 1) != 0; }
  template <std::unsigned_integral T>
  T number(const Table& t, unsigned field, T absent = 0) {
    std::uint64_t at = field_at(t, field, sizeof(T));
    return at != 0 ? read<T>(at) : absent;
  }
  Table table(const Table& t, unsigned field) {
    std::uint64_t at = field_at(t, field, 4);
    return at != 0 ? table_at(follow(at)) : Table{};
  }
  std::string_view text(const Table& t, unsigned field) {
    std::uint64_t at = field_at(t, field, 4);
    return at != 0 ? text_at(follow(at)) : std::string_view();
  }
  // Elements are at least `element` bytes: a count that cannot be is none.
  template <std::uint64_t element>
  Vector vector(const Table& t, unsigned field) {
    std::uint64_t at = field_at(t, field, 4);
    return at != 0 ? vector_at<element>(follow(at)) : Vector{};
  }
  // The bytes of a vector of bytes.
  Bytes bytes(const Table& t, unsigned field) {
    Vector v = vector<1>(t, field);
    c_.seek(v.at);
    return c_.take(c_.ok() ? v.count : 0);
  }

  // `index` must be below the vector's count.
  template <std::unsigned_integral T>
  T number(const Vector& v, std::uint64_t index) {
    return read<T>(v.at + index * sizeof(T));
  }
  Table table(const Vector& v, std::uint64_t index) { return table_at(follow(v.at + index * 4)); }
  std::string_view text(const Vector& v, std::uint64_t index) {
    return text_at(follow(v.at + index * 4));
  }

 private:
  template <std::unsigned_integral T>
  T read(std::uint64_t at) {
    c_.seek(at);
    T v = c_.le<T>();
    note_end();
    return v;
  }
  void note_end() {
    if (c_.ok() && c_.offset() > reached_) reached_ = c_.offset();
  }
  std::uint64_t follow(std::uint64_t at) {
    std::uint64_t distance = read<std::uint32_t>(at);
    if (distance == 0) c_.fail("an offset that leads nowhere");
    return at + distance;
  }

  Table table_at(std::uint64_t at) {
    auto back = static_cast<std::int32_t>(read<std::uint32_t>(at));
    std::int64_t vtable = static_cast<std::int64_t>(at) - back;
    if (c_.ok() && vtable < 0) c_.fail("a vtable in front of the buffer");
    if (!c_.ok()) return {};
    Table t{at, static_cast<std::uint64_t>(vtable)};
    auto own = read<std::uint16_t>(t.vtable);
    t.size = read<std::uint16_t>(t.vtable + 2);
    if (c_.ok() && (own < 4 || own % 2 != 0)) c_.fail("a vtable of a size that cannot be");
    if (c_.ok() && t.size < 4) c_.fail("a table of a size that cannot be");
    c_.seek(t.vtable);
    c_.skip(own);
    c_.seek(at);
    c_.skip(t.size);
    note_end();
    if (!c_.ok()) return {};
    t.fields = static_cast<std::uint16_t>((own - 4) / 2);
    return t;
  }

  std::uint64_t field_at(const Table& t, unsigned field, std::uint64_t size) {
    if (!c_.ok() || !t || field >= t.fields) return 0;
    auto offset = read<std::uint16_t>(t.vtable + 4 + 2 * std::uint64_t{field});
    if (offset == 0) return 0;
    if (offset + size > t.size) c_.fail("a field outside its table");
    return c_.ok() ? t.at + offset : 0;
  }

  std::string_view text_at(std::uint64_t at) {
    auto n = read<std::uint32_t>(at);
    std::string_view s = c_.text(n);
    note_end();
    return s;
  }
  template <std::uint64_t element>
  Vector vector_at(std::uint64_t at) {
    std::uint64_t n = read<std::uint32_t>(at);
    Vector v{c_.offset(), c_.count<element>(n)};
    c_.skip(v.count * element);
    note_end();
    return v;
  }

  Cursor c_;
  std::uint64_t reached_ = 0;
};

}  // namespace parapet::flatbuffers
