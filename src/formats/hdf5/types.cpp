#include "formats/hdf5/types.h"

#include "base/text.h"

namespace parapet::hdf5 {
namespace {

constexpr unsigned most_nesting = 16;
constexpr unsigned most_members = 4096;  // of a compound
constexpr std::size_t longest_name = 200;

std::string sized(std::string_view what, std::uint32_t bytes) {
  return std::string(what) + std::to_string(8ULL * bytes);
}

// Names in version 1 and 2 are padded to 8 bytes.
std::string_view padded_name(Cursor& c, unsigned version) {
  std::uint64_t from = c.offset();
  std::string_view name = c.until('\0');
  if (version < 3) c.skip((8 - (c.offset() - from) % 8) % 8);
  return name;
}

void read_compound(File& file, Cursor& c, Datatype& t, unsigned version, unsigned members,
                   unsigned depth) {
  t.name = "compound{";
  if (members > most_members) c.fail("a compound of too many members");
  for (unsigned i = 0; i < members && c.ok() && file.sink.next(); ++i) {
    std::string_view name = padded_name(c, version);
    number(c, version < 3 ? 4 : width_of(t.size));  // offset within the element
    if (version == 1) c.skip(28);                   // dimensions
    Datatype part = read_datatype(file, c, depth + 1);
    t.elements_are_variable = t.elements_are_variable || part.elements_are_variable;
    if (t.name.size() < longest_name)
      t.name += (i == 0 ? "" : ", ") + printable(name, 40) + ": " + part.name;
  }
  if (t.name.size() > longest_name) t.name.resize(longest_name);
  t.name += '}';
}

void read_enumeration(File& file, Cursor& c, Datatype& t, unsigned version, unsigned members,
                      unsigned depth) {
  Datatype base = read_datatype(file, c, depth + 1);
  t.name = "enum of " + base.name;
  for (unsigned i = 0; i < members && c.ok() && file.sink.next(); ++i) padded_name(c, version);
  c.skip(std::uint64_t{members} * base.size);
}

void read_array(File& file, Cursor& c, Datatype& t, unsigned version, unsigned depth) {
  unsigned rank = c.le<std::uint8_t>();
  if (version < 3) c.skip(3);
  std::string shape;
  for (unsigned i = 0; i < rank && c.ok(); ++i)
    shape += (i == 0 ? "" : ",") + std::to_string(c.le<std::uint32_t>());
  if (version < 3) c.skip(4ULL * rank);  // permutation
  Datatype base = read_datatype(file, c, depth + 1);
  t.base_size = base.size;
  t.elements_are_variable = base.elements_are_variable;
  t.name = base.name + "[" + shape + "]";
}

}  // namespace

Datatype read_datatype(File& file, Cursor& c, unsigned depth) {
  Datatype t;
  auto head = c.le<std::uint8_t>();
  auto bits = static_cast<std::uint32_t>(number(c, 3));
  t.size = c.le<std::uint32_t>();
  unsigned version = head >> 4U;
  if (c.ok() && (version < 1 || version > 5)) c.fail("a version of datatypes that is not known");
  if (depth > most_nesting) c.fail("datatypes nested too deep");
  if (!c.ok()) return t;
  using Class = Datatype::Class;
  t.kind = (head & 15U) < 11 ? static_cast<Class>(head & 15U) : Class::other;
  switch (t.kind) {
    case Class::integer:
      t.is_signed = (bits & 8U) != 0;
      t.name = sized(t.is_signed ? "int" : "uint", t.size);
      c.skip(4);
      break;
    case Class::real:
      t.name = sized("float", t.size);
      c.skip(12);
      break;
    case Class::time:
      t.name = sized("time", t.size);
      c.skip(2);
      break;
    case Class::text:
      t.name = "string[" + std::to_string(t.size) + "]";
      break;
    case Class::bits:
      t.name = sized("bits", t.size);
      c.skip(4);
      break;
    case Class::opaque: {
      std::string_view tag = c.text(bits & 0xFFU);
      tag = tag.substr(0, tag.find('\0'));
      t.name = "opaque[" + std::to_string(t.size) + "]";
      if (!tag.empty()) t.name += " " + printable(tag, 60);
      break;
    }
    case Class::compound:
      read_compound(file, c, t, version, bits & 0xFFFFU, depth);
      break;
    case Class::reference:
      t.name = "reference";
      break;
    case Class::enumeration:
      read_enumeration(file, c, t, version, bits & 0xFFFFU, depth);
      break;
    case Class::variable: {
      Datatype base = read_datatype(file, c, depth + 1);
      t.text = (bits & 15U) == 1;
      t.base_size = base.size;
      t.elements_are_variable = true;
      t.name = t.text ? "variable string" : "variable " + base.name;
      break;
    }
    case Class::array:
      read_array(file, c, t, version, depth);
      break;
    case Class::other:
      t.name = "type " + std::to_string(head & 15U);
      break;
  }
  return t;
}

std::optional<std::uint64_t> Dataspace::count() const {
  if (null) return 0;
  std::uint64_t n = 1;
  for (std::uint64_t d : dimensions)
    if (__builtin_mul_overflow(n, d, &n)) return {};
  return n;
}

std::string Dataspace::text() const {
  std::string out;
  for (std::uint64_t d : dimensions) out += (out.empty() ? "" : ",") + std::to_string(d);
  return out;
}

Dataspace read_dataspace(File& file, Cursor& c) {
  Dataspace s;
  auto version = c.le<std::uint8_t>();
  unsigned rank = c.le<std::uint8_t>();
  c.skip(1);
  if (version == 1)
    c.skip(5);
  else if (version == 2)
    s.null = c.le<std::uint8_t>() == 2;
  else
    c.fail("a version of dataspaces that is not known");
  if (rank > 32) c.fail("more than 32 dimensions");
  for (unsigned i = 0; i < rank && c.ok(); ++i) s.dimensions.push_back(file.length(c));
  if (!c.ok()) s.dimensions.clear();
  return s;
}

}  // namespace parapet::hdf5
