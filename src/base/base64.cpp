#include "base/base64.h"

#include <cstdint>

#include "base/text.h"

namespace parapet {
namespace {

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view s) {
  std::string out;
  out.reserve(s.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned n = 0;
  for (char c : s) {
    int v = value_of(c);
    if (v < 0) {
      if (c == '=' || is_space(c)) continue;
      return {};
    }
    bits = bits << 6U | static_cast<std::uint32_t>(v);
    if ((n += 6) >= 8) out += static_cast<char>(bits >> (n -= 8) & 0xFFU);
  }
  return out;
}

}  // namespace parapet
