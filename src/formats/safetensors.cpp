// safetensors: u64 header length N; N bytes of JSON {"NAME": {"dtype", "shape", "data_offsets":
// [from, to]}, ..., "__metadata__": {text: text}}; then the tensors' bytes, without gaps, in any
// order. https://huggingface.co/docs/safetensors/index#format
#include <algorithm>
#include <array>
#include <set>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::uint64_t max_header = 100'000'000;  // the reference reader's own limit
constexpr std::size_t max_tensor_facts = 2000;
constexpr std::size_t max_metadata_facts = 500;
constexpr unsigned max_depth = 16;
constexpr std::size_t max_tensors = 4'000'000;  // told apart for overlaps: 100 bytes each in memory

struct Type {
  std::string_view name;
  unsigned bits;
};
constexpr Type types[] = {{"BOOL", 8},    {"U8", 8},   {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8},
                          {"F8_E8M0", 8}, {"I16", 16}, {"U16", 16}, {"F16", 16},    {"BF16", 16},
                          {"I32", 32},    {"U32", 32}, {"F32", 32}, {"F64", 64},    {"I64", 64},
                          {"U64", 64},    {"C64", 64}, {"F4", 4},   {"F6_E2M3", 6}, {"F6_E3M2", 6}};

struct Tensor {
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t from = 0, to = 0;
  bool has_offsets = false, bad = false;
};

struct Range {
  std::uint64_t from, to, at;  // `at`: of the tensor's entry in the header
};

// Reads the header's JSON as it comes; strict, since every reader of the format is.
class Header {
 public:
  Header(Bytes bytes, std::uint64_t base) : c_(bytes, base) {}

  Cursor& cursor() { return c_; }
  bool ok() const { return c_.ok(); }

  char next_char() {
    for (;;) {
      Bytes b = c_.peek(1);
      if (b.empty()) return '\0';
      char ch = static_cast<char>(b[0]);
      if (!is_space(ch)) return ch;
      c_.skip(1);
    }
  }
  bool take(char wanted) {
    if (next_char() != wanted) return false;
    c_.skip(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) c_.fail("header is not valid JSON");
  }

  std::string string() {
    std::string out;
    expect('"');
    while (c_.ok()) {
      char ch = static_cast<char>(c_.le<std::uint8_t>());
      if (!c_.ok() || ch == '"') break;
      if (ch != '\\') {
        out += ch;
        continue;
      }
      char e = static_cast<char>(c_.le<std::uint8_t>());
      switch (e) {
        case 'n':
          out += '\n';
          break;
        case 't':
          out += '\t';
          break;
        case 'r':
          out += '\r';
          break;
        case 'b':
          out += '\b';
          break;
        case 'f':
          out += '\f';
          break;
        case 'u':
          append_utf8(out, unicode());
          break;
        case '"':
        case '\\':
        case '/':
          out += e;
          break;
        default:
          c_.fail("header is not valid JSON");
      }
    }
    return out;
  }

  // Not negative and whole: what shapes and offsets are.
  std::uint64_t number() {
    std::uint64_t v = 0;
    bool any = false;
    next_char();
    for (Bytes b = c_.peek(1); !b.empty() && is_digit(static_cast<char>(b[0])); b = c_.peek(1)) {
      auto digit = static_cast<std::uint64_t>(static_cast<char>(b[0]) - '0');
      if (__builtin_mul_overflow(v, 10U, &v) || __builtin_add_overflow(v, digit, &v)) {
        c_.fail("number too large");
        return 0;
      }
      any = true;
      c_.skip(1);
    }
    if (!any) c_.fail("a number that is not whole or not positive");
    return v;
  }

  // Any value, unread. Iterative: brackets are counted.
  void skip_value() {
    unsigned depth = 0;
    do {
      char ch = next_char();
      if (ch == '{' || ch == '[') {
        if (++depth > max_depth) c_.fail("header nested too deep");
        c_.skip(1);
      } else if (ch == '}' || ch == ']') {
        if (depth == 0) {
          c_.fail("header is not valid JSON");
          return;
        }
        --depth;
        c_.skip(1);
      } else if (ch == '"') {
        string();
      } else if (ch == '\0') {
        c_.fail("truncated");
      } else {
        c_.skip(1);
        while (depth == 0) {
          Bytes b = c_.peek(1);
          if (b.empty()) return;
          char n = static_cast<char>(b[0]);
          if (n == ',' || n == '}' || n == ']' || is_space(n)) return;
          c_.skip(1);
        }
      }
    } while (c_.ok() && depth > 0);
  }

 private:
  std::uint32_t unicode() {
    std::uint32_t v = 0;
    for (char ch : c_.text(4)) {
      char l = lower(ch);
      std::uint32_t d = is_digit(l)            ? static_cast<std::uint32_t>(l - '0')
                        : l >= 'a' && l <= 'f' ? static_cast<std::uint32_t>(l - 'a' + 10)
                                               : 0;
      v = v << 4U | d;
    }
    return v;
  }

  Cursor c_;
};

bool recognises(const Artifact& a) {
  if (extension(a.name) == "safetensors") return true;
  Cursor c(a.bytes);
  std::uint64_t n = c.le<std::uint64_t>();
  Bytes head = c.peek(std::min<std::uint64_t>(n, 64));
  return n >= 2 && n <= max_header && n <= c.left() && !head.empty() &&
         as_text(head).starts_with("{\"");
}

const Type* type_of(std::string_view name) {
  auto it = std::find_if(std::begin(types), std::end(types),
                         [&](const Type& t) { return t.name == name; });
  return it == std::end(types) ? nullptr : &*it;
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string out;
  for (std::size_t i = 0; i < shape.size() && out.size() < 100; ++i)
    out += (i == 0 ? "" : ",") + std::to_string(shape[i]);
  return out;
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    Cursor file(a_.bytes);
    std::uint64_t n = file.le<std::uint64_t>();
    if (file.ok() && (n > max_header || n > file.left())) {
      sink_.anomaly("overflow",
                    "the header claims " + std::to_string(n) + " bytes of a file of " +
                        std::to_string(a_.bytes.size()),
                    {0, 8, 0, 0, {}});
      sink_.partly("the header is longer than the file");
      n = std::min({n, max_header, file.left()});
    }
    if (n < 2) file.fail("no header");
    if (!file.ok()) return sink_.finish(file);
    sink_.is("safetensors");
    data_ = 8 + n;
    size_ = a_.bytes.size() - data_;
    file.seek(8);
    Header h(file.take(n), 8);
    read(h);
    if (h.ok() && h.next_char() != '\0')
      sink_.anomaly("hidden-text", "text after the header's JSON",
                    {h.cursor().offset(), h.cursor().left(), 0, 0, {}});
    check_ranges(h.ok());
    summarise();
    sink_.finish(h.cursor());
  }

 private:
  void read(Header& h) {
    h.expect('{');
    if (h.take('}')) return;
    do {
      if (!sink_.next()) return;
      h.next_char();
      std::uint64_t at = h.cursor().offset();
      std::string name = h.string();
      h.expect(':');
      if (!h.ok()) return;
      if (names_.size() < max_tensors && !names_.insert(fingerprint(name)).second)
        sink_.anomaly("duplicate-key", "\"" + printable(name, 80) + "\" stands twice in the header",
                      {at, name.size(), 0, 0, {}});
      if (name == "__metadata__")
        metadata(h);
      else
        tensor(h, name, at);
    } while (h.ok() && h.take(','));
    h.expect('}');
  }

  static std::uint64_t fingerprint(std::string_view s) { return std::hash<std::string_view>{}(s); }

  void metadata(Header& h) {
    if (h.next_char() != '{') {
      sink_.anomaly("type-mismatch", "__metadata__ is not a map of texts",
                    {h.cursor().offset(), 0, 0, 0, {}});
      return h.skip_value();
    }
    h.expect('{');
    if (h.take('}')) return;
    std::size_t count = 0;
    do {
      if (!sink_.next()) return;
      h.next_char();
      std::uint64_t at = h.cursor().offset();
      std::string key = h.string();
      h.expect(':');
      if (h.next_char() != '"') {
        sink_.anomaly("type-mismatch", "metadata \"" + printable(key, 60) + "\" is not a text",
                      {at, 0, 0, 0, {}});
        h.skip_value();
        continue;
      }
      std::string value = h.string();
      if (!h.ok()) return;
      if (++count > max_metadata_facts) continue;
      Fact f{"metadata",
             {},
             {at, h.cursor().offset() - at, 0, 0, {}},
             printable(key, 60) + ": " + printable(value, 120)};
      f.set("key", key.substr(0, 200))
          .set("value", value.substr(0, 4096))
          .set("format", "safetensors");
      sink_.add(std::move(f));
    } while (h.ok() && h.take(','));
    h.expect('}');
  }

  Tensor entry(Header& h) {
    Tensor t;
    h.expect('{');
    if (h.take('}')) return t;
    do {
      std::string key = h.string();
      h.expect(':');
      if (key == "dtype") {
        t.dtype = h.string();
      } else if (key == "shape" || key == "data_offsets") {
        std::vector<std::uint64_t> numbers;
        h.expect('[');
        if (!h.take(']')) {
          do numbers.push_back(h.number());
          while (h.ok() && numbers.size() < 64 && h.take(','));
          h.expect(']');
        }
        if (key == "shape") {
          t.shape = std::move(numbers);
        } else if (numbers.size() == 2) {
          t.from = numbers[0];
          t.to = numbers[1];
          t.has_offsets = true;
        } else {
          t.bad = true;
        }
      } else {
        h.skip_value();
      }
    } while (h.ok() && h.take(','));
    h.expect('}');
    return t;
  }

  void tensor(Header& h, const std::string& name, std::uint64_t at) {
    if (h.next_char() != '{') {
      sink_.anomaly("type-mismatch", "the entry \"" + printable(name, 60) + "\" is not a tensor",
                    {at, name.size(), 0, 0, {}});
      return h.skip_value();
    }
    Tensor t = entry(h);
    if (!h.ok()) return;
    ++tensors_;
    Place place{at, h.cursor().offset() - at, 0, 0, {}};
    std::string who = "tensor \"" + printable(name, 60) + "\"";
    if (!t.has_offsets || t.bad || t.dtype.empty()) {
      sink_.anomaly("malformed", who + " has no dtype or offsets", place);
    } else if (t.from > t.to || t.to > size_) {
      sink_.anomaly("overflow",
                    who + " lies outside the file: " + std::to_string(t.from) + " to " +
                        std::to_string(t.to) + " of " + std::to_string(size_),
                    place);
    } else {
      if (ranges_.size() < max_tensors) ranges_.push_back({t.from, t.to, at});
      check_size(t, who, place);
      check_head(t, who);
    }
    if (tensors_ > max_tensor_facts) return;
    Fact f{
        "tensor", {}, place, who + " " + printable(t.dtype, 20) + " [" + shape_text(t.shape) + "]"};
    f.set("name", name.substr(0, 200))
        .set("dtype", t.dtype.substr(0, 20))
        .set("shape", shape_text(t.shape));
    f.set("bytes", std::to_string(t.to >= t.from ? t.to - t.from : 0));
    if (t.has_offsets && t.from <= t.to && t.to <= size_)
      f.set("data_offset", std::to_string(data_ + t.from));
    sink_.add(std::move(f));
  }

  void check_size(const Tensor& t, const std::string& who, const Place& place) {
    const Type* type = type_of(t.dtype);
    if (type == nullptr) {
      sink_.anomaly("type-mismatch", who + " has the unknown type " + printable(t.dtype, 20),
                    place);
      return;
    }
    std::uint64_t bits = type->bits;
    for (std::uint64_t d : t.shape)
      if (__builtin_mul_overflow(bits, d, &bits)) {
        sink_.anomaly("overflow", who + " has a shape whose size overflows", place);
        return;
      }
    if ((bits + 7) / 8 != t.to - t.from)
      sink_.anomaly("type-mismatch",
                    who + " takes " + std::to_string(t.to - t.from) + " bytes, its shape says " +
                        std::to_string((bits + 7) / 8),
                    place);
  }

  void check_head(const Tensor& t, const std::string& who) {
    Cursor c(a_.bytes);
    c.seek(data_);
    c.skip(t.from);
    std::string_view what = program_kind(c.take(std::min<std::uint64_t>(t.to - t.from, 4096)));
    if (!what.empty())
      sink_.anomaly("executable", who + " begins with a program: " + std::string(what),
                    {data_ + t.from, 4, 0, 0, {}});
  }

  void check_ranges(bool complete) {
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& x, const Range& y) {
      return x.from != y.from ? x.from < y.from : x.to < y.to;
    });
    std::uint64_t end = 0;
    unsigned overlaps = 0;
    unsigned gaps = 0;
    for (const Range& r : ranges_) {
      if (!sink_.next()) return;
      if (r.from < end && r.to > r.from && ++overlaps <= 20)
        sink_.anomaly("overlap", "two tensors share bytes from " + std::to_string(r.from),
                      {data_ + r.from, 0, 0, 0, {}});
      if (r.from > end && ++gaps <= 20) {
        sink_.anomaly("gap", std::to_string(r.from - end) + " bytes belong to no tensor",
                      {data_ + end, r.from - end, 0, 0, {}});
        child(end, r.from, "gap-" + std::to_string(gaps));
      }
      end = std::max(end, r.to);
    }
    if (!complete || end >= size_) return;
    sink_.anomaly("trailing-data", std::to_string(size_ - end) + " bytes after the last tensor",
                  {data_ + end, size_ - end, 0, 0, {}});
    child(end, size_, "tail");
  }

  void child(std::uint64_t from, std::uint64_t to, const std::string& name) {
    Cursor c(a_.bytes);
    c.seek(data_);
    c.skip(from);
    sink_.child(a_, name, c.take(to - from), a_.owner);
  }

  void summarise() {
    if (tensors_ > max_tensor_facts)
      sink_.partly("only the first " + std::to_string(max_tensor_facts) + " of " +
                   std::to_string(tensors_) + " tensors are listed; all were checked");
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(data_, a_.bytes.size()), 0, 0, {}},
           "safetensors with " + std::to_string(tensors_) + " tensors"};
    f.set("format", "safetensors").set("name", file_name(a_.name)).set("loader", "safetensors");
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  std::uint64_t data_ = 0, size_ = 0;  // where the tensors start, and their bytes
  std::uint64_t tensors_ = 0;
  std::vector<Range> ranges_;
  std::set<std::uint64_t> names_;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format safetensors;
const Format safetensors{"safetensors",
                         1,
                         "safetensors weights: header, tensors, what hides between them",
                         "https://huggingface.co/docs/safetensors/index#format",
                         recognises,
                         parse};

}  // namespace parapet::formats
