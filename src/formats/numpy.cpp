// NumPy's .npy: "\x93NUMPY", version, header length, a Python literal {'descr', 'fortran_order',
// 'shape'}, then the array, or a pickle when the elements are objects.
// Layout: numpy/lib/format.py (versions 1 to 3).
#include <optional>

#include "base/text.h"
#include "formats/format.h"
#include "formats/pickle/constants.h"
#include "formats/pickle/report.h"
#include "formats/pickle/search.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) { return as_text(a.bytes).starts_with("\x93NUMPY"); }

// What follows `'key':` in the header literal; empty when the key is missing.
std::string_view value_of(std::string_view header, std::string_view key) {
  for (char quote : {'\'', '"'}) {
    std::string marked = quote + std::string(key) + quote;
    auto at = header.find(marked);
    if (at == std::string_view::npos) continue;
    auto rest = header.substr(at + marked.size());
    auto colon = rest.find_first_not_of(" \t\n");
    if (colon == std::string_view::npos || rest[colon] != ':') continue;
    return trim(rest.substr(colon + 1));
  }
  return {};
}

std::string_view quoted_text(std::string_view s) {
  if (s.empty() || (s[0] != '\'' && s[0] != '"')) return {};
  auto end = s.find(s[0], 1);
  return end == std::string_view::npos ? std::string_view() : s.substr(1, end - 1);
}

// Bytes of one element of "<f8", "|S5", "<U3"; nothing when it is not such a text.
std::optional<std::uint64_t> element_size(std::string_view type) {
  if (!type.empty() && contains("<>|=", type.substr(0, 1))) type.remove_prefix(1);
  if (type.size() < 2) return {};
  auto digits = type.substr(1);
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  auto n = to_integer(digits);
  if (!n || *n < 0 || *n > (1LL << 40U)) return {};
  return static_cast<std::uint64_t>(*n) * (type[0] == 'U' ? 4U : 1U);
}

// The sum over the fields of a structured type; nothing when a field has a shape or fields of its
// own.
std::optional<std::uint64_t> record_size(std::string_view list) {
  std::uint64_t total = 0;
  std::size_t texts = 0;
  for (std::size_t i = 1; i < list.size() && list[i] != ']';) {
    if (list[i] == '[' || is_digit(list[i])) return {};
    auto text = quoted_text(list.substr(i));
    if (text.empty() && list[i] != '\'' && list[i] != '"') {
      ++i;
      continue;
    }
    i += text.size() + 2;
    if (++texts % 2 == 1) continue;
    auto n = element_size(text);
    if (!n) return {};
    total += *n;
  }
  return texts == 0 ? std::optional<std::uint64_t>() : total;
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("numpy");
  Cursor c(a.bytes);
  c.skip(6);
  auto major = c.le<std::uint8_t>();
  c.skip(1);
  if (c.ok() && (major < 1 || major > 3)) c.fail("a version of .npy that does not exist");
  std::uint64_t length = major == 1 ? c.le<std::uint16_t>() : c.le<std::uint32_t>();
  std::uint64_t header_at = c.offset();
  auto header = c.text(length);
  if (!c.ok()) {
    sink.finish(c);
    return pickle::read_hidden(a, sink, 6, {.file_type = "numpy"});
  }
  auto descr = value_of(header, "descr"), shape = value_of(header, "shape");
  auto end = shape.find(')');
  if (descr.empty() || !shape.starts_with('(') || end == std::string_view::npos)
    c.fail("no header of an array");

  auto dimension_list = c.ok() ? shape.substr(1, end - 1) : std::string_view();
  std::uint64_t count = 1;
  bool overflow = false;
  std::string dimensions;
  for (auto part : split(dimension_list, ',')) {
    part = trim(part);
    if (part.ends_with('L')) part.remove_suffix(1);
    if (part.empty()) continue;
    auto n = to_integer(part);
    if (!n || *n < 0) {
      overflow = true;
      continue;
    }
    auto u = static_cast<std::uint64_t>(*n);
    if (u != 0 && count > (1ULL << 62U) / u)
      overflow = true;
    else
      count *= u;
    dimensions += (dimensions.empty() ? "" : ",") + std::string(part);
  }
  auto type = quoted_text(descr);
  bool objects = type.empty() ? contains(descr.substr(0, descr.find("fortran_order")), "O'") ||
                                    contains(descr, "|O")
                              : contains(type, "O");
  auto size = type.empty() ? descr.starts_with('[') ? record_size(descr) : std::nullopt
                           : element_size(type);

  Fact tensor{"tensor", {}, {c.offset(), c.left()}, {}};
  tensor.set("name", file_name(a.name))
      .set("dtype", printable(type.empty() ? descr.substr(0, descr.find(']') + 1) : type, 120))
      .set("shape", dimensions);
  tensor.set("bytes", std::to_string(c.left())).set("data_offset", std::to_string(c.offset()));
  tensor.says = "a NumPy array of " + printable(type.empty() ? "records" : type, 40) +
                " with shape (" + dimensions + ")";
  if (c.ok()) sink.add(std::move(tensor));
  if (overflow)
    sink.anomaly(
        "overflow",
        "the shape " + printable(shape.substr(0, end + 1), 80) + " is larger than any memory",
        {header_at, length});

  if (objects) sink.finish(c);
  if (objects) return pickle::read_all(a, sink, c.offset(), {.file_type = "numpy"});
  std::uint64_t data = c.offset();
  if (c.ok() && !overflow && size) {
    if (*size != 0 && count > c.left() / *size) {
      sink.anomaly("overflow",
                   "the header promises " + std::to_string(count) + " elements of " +
                       std::to_string(*size) + " bytes, " + std::to_string(c.left()) +
                       " bytes follow",
                   {header_at, length});
      c.fail("truncated");
    } else {
      c.skip(count * *size);
    }
  } else if (c.ok() && !overflow) {
    sink.partly("the element type " + printable(descr, 60) + " is not understood");
  }
  sink.finish(c);
  if (c.ok() && size && c.left() == 0) return;
  if (c.ok() && size) {
    sink.anomaly("trailing-data", std::to_string(c.left()) + " bytes behind the array",
                 {c.offset(), c.left()});
    pickle::look_for_executables(sink, a.bytes.subspan(c.offset()), c.offset());
    data = c.offset();
  }
  pickle::read_hidden(a, sink, data, {.file_type = "numpy"});
}

}  // namespace

extern const Format numpy{"numpy",
                          1,
                          "NumPy arrays (.npy)",
                          "https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html",
                          recognises,
                          parse};

}  // namespace parapet::formats
