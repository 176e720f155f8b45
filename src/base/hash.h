#pragma once
// Hashes for identities inside a report. Not for security: digests of artifacts are SHA-256.
#include <cstdint>
#include <string>
#include <string_view>

namespace parapet {

// FNV-1a, 64 bits.
constexpr std::uint64_t fnv1a(std::string_view s, std::uint64_t h = 0xcbf29ce484222325ULL) {
  for (char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h;
}

inline std::string hex16(std::uint64_t v) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; v >>= 4U) out[i] = digits[v & 0xFU];
  return out;
}

}  // namespace parapet
