#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace parapet {

// A view of bytes somebody else owns. Views go down the call tree, values come back up.
using Bytes = std::span<const std::byte>;

inline std::string_view as_text(Bytes b) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}
inline Bytes as_bytes(std::string_view s) { return std::as_bytes(std::span(s)); }

}  // namespace parapet
