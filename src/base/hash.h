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

// CRC-32 as zip, gzip and GitHub's tokens use it (ISO-HDLC, reflected 0x04C11DB7). For short texts:
// members of archives go through libdeflate.
constexpr std::uint32_t crc32(std::string_view s) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (char c : s) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

inline std::string hex16(std::uint64_t v) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; v >>= 4U) out[i] = digits[v & 0xFU];
  return out;
}

}  // namespace parapet
