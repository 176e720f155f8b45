#pragma once
// The name of a git object: the SHA-1 of its type, size and content.
#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace parapet::git {

struct ObjectId {
  static constexpr std::size_t size = 20;  // bytes
  std::array<std::byte, size> bytes{};

  auto operator<=>(const ObjectId&) const = default;

  static ObjectId of(Bytes twenty) {
    ObjectId id;
    if (twenty.size() == size) std::memcpy(id.bytes.data(), twenty.data(), size);
    return id;
  }
  // Forty hexadecimal digits and nothing else.
  static std::optional<ObjectId> of_hex(std::string_view text) {
    auto digit = [](char c) {
      return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (text.size() != 2 * size) return {};
    ObjectId id;
    for (std::size_t i = 0; i < size; ++i) {
      int high = digit(text[2 * i]);
      int low = digit(text[2 * i + 1]);
      if (high < 0 || low < 0) return {};
      id.bytes[i] = static_cast<std::byte>(high << 4 | low);
    }
    return id;
  }
  std::string hex(std::size_t digits = 2 * size) const {
    std::string out;
    for (std::byte b : bytes) {
      out += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4U];
      out += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15U];
    }
    return out.substr(0, digits);
  }
};

// The ids are digests: any eight bytes of them are as good as a hash.
struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const {
    std::size_t h = 0;
    std::memcpy(&h, id.bytes.data(), sizeof h);
    return h;
  }
};

}  // namespace parapet::git
