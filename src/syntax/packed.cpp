#include "syntax/packed.h"

#include "base/cursor.h"

namespace parapet {
namespace {

void put_number(std::string& out, std::uint64_t v) {
  for (; v > 0x7F; v >>= 7U) out += static_cast<char>((v & 0x7FU) | 0x80U);
  out += static_cast<char>(v);
}
void put_text(std::string& out, std::string_view s) {
  put_number(out, s.size());
  out += s;
}

std::uint64_t number(Cursor& c) {
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 64 && c.ok(); shift += 7) {
    auto byte = c.le<std::uint8_t>();
    v |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return v;
  }
  c.fail("a number that does not end");
  return 0;
}
std::string text(Cursor& c) { return std::string(c.text(number(c))); }

void put(std::string& out, const Node& n) {
  auto flags = static_cast<unsigned>(n.type) | (n.quoted ? 4U : 0U) | (n.tag.empty() ? 0U : 8U) |
               (n.text.empty() ? 0U : 16U);  // a null keeps how it was written
  out += static_cast<char>(flags);
  if (!n.text.empty()) put_text(out, n.text);
  if (!n.tag.empty()) put_text(out, n.tag);
  put_number(out, n.offset);
  put_number(out, n.length);
  put_number(out, n.line);
  put_number(out, n.column);
  if (n.is_scalar() || n.type == Node::Type::null) return;
  put_number(out, n.items.size());
  for (std::size_t i = 0; i < n.items.size(); ++i) {
    if (n.is_map()) put(out, n.keys[i]);
    put(out, n.items[i]);
  }
}

void get(Cursor& c, Node& n) {
  auto flags = unsigned{c.le<std::uint8_t>()};
  n.type = static_cast<Node::Type>(flags & 3U);
  n.quoted = (flags & 4U) != 0;
  if ((flags & 16U) != 0) n.text = text(c);
  if ((flags & 8U) != 0) n.tag = text(c);
  n.offset = number(c);
  n.length = number(c);
  n.line = static_cast<std::uint32_t>(number(c));
  n.column = static_cast<std::uint32_t>(number(c));
  if (n.is_scalar() || n.type == Node::Type::null) return;
  std::uint64_t count = c.count<5>(number(c));
  n.items.resize(count);
  if (n.is_map()) n.keys.resize(count);
  for (std::size_t i = 0; i < count && c.ok(); ++i) {
    if (n.is_map()) get(c, n.keys[i]);
    get(c, n.items[i]);
  }
}

}  // namespace

std::string pack(const Node& root) {
  std::string out;
  put(out, root);
  return out;
}

Parsed unpack(std::string_view packed) {
  Parsed out;
  Cursor c(as_bytes(packed));
  out.documents.push_back({"yaml", {}});
  get(c, out.documents.back().root);
  if (!c.ok()) out.fail(c.error(), {c.offset(), 0});
  return out;
}

}  // namespace parapet
