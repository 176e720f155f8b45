// MessagePack as Flax writes models (flax.serialization.to_bytes): one map of maps of arrays. An
// array is an extension of type 1 whose bytes are MessagePack again: [shape, dtype's name, bytes];
// type 2 is a complex number, type 3 a NumPy scalar. Arrays above 2^30 bytes are maps marked
// "__msgpack_chunked_array__". https://github.com/msgpack/msgpack/blob/master/spec.md,
// https://github.com/google/flax/blob/main/flax/serialization.py
#include <algorithm>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/format.h"
#include "formats/pickle/search.h"

namespace parapet::formats {
namespace {

constexpr std::size_t max_tensor_facts = 2000;
constexpr unsigned max_depth = 100;
constexpr std::uint8_t array_extension = 1, complex_extension = 2, scalar_extension = 3;
constexpr std::uint8_t time_extension = 0xFF;  // -1, MessagePack's own

struct Type {
  std::string_view name;
  unsigned bytes;
};
constexpr Type types[] = {{"float32", 4}, {"float64", 8},       {"float16", 2},     {"bfloat16", 2},
                          {"int8", 1},    {"int16", 2},         {"int32", 4},       {"int64", 8},
                          {"uint8", 1},   {"uint16", 2},        {"uint32", 4},      {"uint64", 8},
                          {"bool", 1},    {"complex64", 8},     {"complex128", 16}, {"int4", 1},
                          {"uint4", 1},   {"float8_e4m3fn", 1}, {"float8_e5m2", 1}};

enum class Kind : std::uint8_t { nothing, number, text, bytes, array, map, extension };
struct Value {
  Kind kind = Kind::nothing;
  std::uint64_t count = 0;   // elements, or bytes
  std::uint64_t number = 0;  // of an unsigned or positive number
  std::uint8_t type = 0;     // of an extension
};

std::uint64_t sized(Cursor& c, unsigned log2) {
  switch (log2) {
    case 0:
      return c.be<std::uint8_t>();
    case 1:
      return c.be<std::uint16_t>();
    case 2:
      return c.be<std::uint32_t>();
    default:
      return c.be<std::uint64_t>();
  }
}

// The head of one value: what follows it are `count` bytes or elements.
Value head(Cursor& c) {
  auto b = c.be<std::uint8_t>();
  auto containing = [](Kind k, std::uint64_t n) { return Value{k, n, 0, 0}; };
  if (b <= 0x7F) return {Kind::number, 0, b, 0};
  if (b <= 0x8F) return containing(Kind::map, b & 0xFU);
  if (b <= 0x9F) return containing(Kind::array, b & 0xFU);
  if (b <= 0xBF) return containing(Kind::text, b & 0x1FU);
  if (b >= 0xE0) return {Kind::number, 0, 0, 0};
  if (b == 0xC0 || b == 0xC2 || b == 0xC3) return {Kind::nothing, 0, b == 0xC3, 0};
  if (b >= 0xC4 && b <= 0xC6) return containing(Kind::bytes, sized(c, b - 0xC4U));
  if (b >= 0xC7 && b <= 0xC9) {
    std::uint64_t n = sized(c, b - 0xC7U);
    return {Kind::extension, n, 0, c.be<std::uint8_t>()};
  }
  if (b == 0xCA || b == 0xCB) {
    c.skip(b == 0xCA ? 4 : 8);
    return {Kind::number, 0, 0, 0};
  }
  if (b >= 0xCC && b <= 0xCF) return {Kind::number, 0, sized(c, b - 0xCCU), 0};
  if (b >= 0xD0 && b <= 0xD3) {
    sized(c, b - 0xD0U);
    return {Kind::number, 0, 0, 0};
  }
  if (b >= 0xD4 && b <= 0xD8)
    return {Kind::extension, 1ULL << (b - 0xD4U), 0, c.be<std::uint8_t>()};
  if (b >= 0xD9 && b <= 0xDB) return containing(Kind::text, sized(c, b - 0xD9U));
  if (b == 0xDC || b == 0xDD) return containing(Kind::array, sized(c, b - 0xDCU + 1));
  if (b == 0xDE || b == 0xDF) return containing(Kind::map, sized(c, b - 0xDEU + 1));
  c.fail("a byte that starts no value");
  return {};
}

// Does an extension that holds an array stand in these first bytes?
bool has_array(std::string_view text) {
  for (std::size_t i = 0; i + 8 < text.size(); ++i) {
    auto b = static_cast<unsigned char>(text[i]);
    if (b < 0xC7 || b > 0xC9) continue;
    std::size_t type = i + 1 + (std::size_t{1} << (b - 0xC7U));
    if (type + 1 < text.size() && (text[type] == 1 || text[type] == 3) && text[type + 1] == '\x93')
      return true;
  }
  return false;
}

// Nothing marks MessagePack. A model is a map whose first key is a name; where the file's name does
// not say Flax, an array must stand within the first bytes.
bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  Value v = head(c);
  if (!c.ok() || v.kind != Kind::map || v.count == 0) return false;
  Value key = head(c);
  if (!c.ok() || key.kind != Kind::text || key.count == 0 || key.count > 200) return false;
  std::string_view name = c.text(key.count);
  if (!c.ok() || !is_utf8(name) || name.find('\0') != std::string_view::npos) return false;
  for (std::string_view e : {"msgpack", "flax", "mpk", "messagepack"})
    if (extension(a.name) == e) return true;
  std::string_view text = as_text(a.bytes).substr(0, 4096);
  bool numbers = contains(text, "float") || contains(text, "int32") || contains(text, "int8");
  return contains(text, "__msgpack_chunked_array__") || (numbers && has_array(text));
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    sink_.is("msgpack");
    value("", 0);
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(1, a_.bytes.size())},
           "MessagePack with " + std::to_string(arrays_) + " arrays"};
    f.set("format", "msgpack").set("name", file_name(a_.name)).set("loader", "flax");
    sink_.add(std::move(f));
    if (arrays_ > max_tensor_facts)
      sink_.partly("only the first " + std::to_string(max_tensor_facts) +
                   " arrays are listed; all were checked");
    if (foreign_ > 0)
      sink_.partly(std::to_string(foreign_) + " extensions of types that Flax does not have");
    if (c_.ok() && c_.left() > 0) {
      std::uint64_t at = c_.offset(), n = c_.left();
      sink_.anomaly("trailing-data", std::to_string(n) + " bytes behind the value", {at, n});
      sink_.child(a_, "tail", c_.take(n), a_.owner);
    }
    sink_.finish(c_);
  }

 private:
  void wrong(std::string_view name, std::string says, std::uint64_t offset) {
    if (++said_ <= 20)
      sink_.anomaly(name, std::move(says), {std::min<std::uint64_t>(offset, a_.bytes.size()), 0});
  }

  void value(const std::string& path, unsigned depth) {
    if (!c_.ok() || !sink_.next()) return;
    std::uint64_t at = c_.offset();
    if (depth > max_depth) {
      sink_.anomaly("too-deep", "values nested deeper than " + std::to_string(max_depth), {at, 0});
      return c_.fail("nested too deep");
    }
    Value v = head(c_);
    switch (v.kind) {
      case Kind::nothing:
      case Kind::number:
        return;
      case Kind::text:
      case Kind::bytes:
        return blob(path, c_.take(v.count));
      case Kind::extension:
        return extended(path, v, at);
      case Kind::array:
      case Kind::map:
        break;
    }
    if (v.count > c_.left() / (v.kind == Kind::map ? 2 : 1)) {
      wrong("overflow",
            std::to_string(v.count) + " elements in " + std::to_string(c_.left()) + " bytes", at);
      return c_.fail("count larger than the input");
    }
    for (std::uint64_t i = 0; i < v.count && c_.ok() && sink_.next(); ++i) {
      std::string name = std::to_string(i);
      if (v.kind == Kind::map) {
        Cursor back = c_;
        Value key = head(c_);
        if (key.kind == Kind::text || key.kind == Kind::bytes)
          name = std::string(c_.text(key.count).substr(0, 100));
        else if (key.kind == Kind::number)
          name = std::to_string(key.number);
        else
          c_ = back, value(path, depth + 1);
      }
      value(path.size() > 400 ? path : path.empty() ? name : path + "/" + name, depth + 1);
    }
  }

  // A text or bytes that are a file of their own: msgpack-numpy keeps objects as pickles.
  void blob(const std::string& path, Bytes bytes) {
    if (!c_.ok() || bytes.size() < 4) return;
    std::string_view program = program_kind(bytes);
    std::uint64_t at = c_.offset() - bytes.size();
    if (!program.empty())
      sink_.anomaly(
          "executable",
          "\"" + printable(path, 60) + "\" begins with a program: " + std::string(program),
          {at, 4});
    else if (pickle::is_container(bytes) || pickle::starts_like_pickle(bytes, sink_.budget()))
      sink_.child(a_, printable(path, 100) + "@" + std::to_string(at), bytes, a_.owner);
  }

  void extended(const std::string& path, const Value& v, std::uint64_t at) {
    Cursor inner = c_.sub(v.count);
    if (!c_.ok()) return;
    if (v.type == complex_extension || v.type == time_extension) return;
    if (v.type != array_extension && v.type != scalar_extension) {
      ++foreign_;
      return blob(path, inner.take(inner.left()));
    }
    Value list = head(inner);
    if (inner.ok() && (list.kind != Kind::array || list.count != 3))
      inner.fail("an array without [shape, dtype, bytes]");
    Value shape = head(inner);
    if (inner.ok() && shape.kind != Kind::array) inner.fail("an array without a shape");
    std::uint64_t elements = 1;
    bool overflows = false;
    std::string dimensions;
    for (std::uint64_t i = 0; i < shape.count && inner.ok() && sink_.next(); ++i) {
      Value d = head(inner);
      if (d.kind != Kind::number) inner.fail("a dimension that is no number");
      overflows = overflows || __builtin_mul_overflow(elements, d.number, &elements) ||
                  elements > (1ULL << 60U);
      if (i < 16) dimensions += (i == 0 ? "" : ",") + std::to_string(d.number);
    }
    Value dtype = head(inner);
    std::string_view type =
        inner.text(dtype.kind == Kind::text || dtype.kind == Kind::bytes ? dtype.count : 0);
    Value data = head(inner);
    Bytes bytes = inner.take(data.kind == Kind::bytes || data.kind == Kind::text ? data.count : 0);
    std::string who = "array \"" + printable(path, 80) + "\"";
    if (!inner.ok()) {
      wrong("malformed", who + ": " + inner.error(), at);
      return sink_.partly("an array that cannot be read");
    }
    const auto* known = std::find_if(std::begin(types), std::end(types),
                                     [&](const Type& t) { return t.name == type; });
    if (overflows || (known != std::end(types) && elements * known->bytes > bytes.size()))
      wrong("overflow",
            who + " [" + dimensions + "] needs more than its " + std::to_string(bytes.size()) +
                " bytes",
            at);
    if (type.starts_with("object") || type.starts_with("O"))
      wrong("type-mismatch", who + " claims to hold Python objects", at);
    blob(path, bytes);
    if (inner.left() > 0)
      wrong("trailing-data", std::to_string(inner.left()) + " bytes behind the parts of " + who,
            at);
    if (++arrays_ > max_tensor_facts) return;
    Fact f{"tensor", {}, {at, 0}, who + " [" + dimensions + "]"};
    f.set("name", path.substr(0, 200)).set("dtype", printable(type, 40)).set("shape", dimensions);
    f.set("bytes", std::to_string(bytes.size()));
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
  std::size_t arrays_ = 0, foreign_ = 0;
  unsigned said_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format msgpack;
const Format msgpack{"msgpack",
                     1,
                     "MessagePack models of Flax: arrays, and files kept as bytes",
                     "https://github.com/google/flax/blob/main/flax/serialization.py",
                     recognises,
                     parse};

}  // namespace parapet::formats
