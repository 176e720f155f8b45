#include "formats/tflite/flex.h"

#include "base/cursor.h"

namespace parapet::tflite {
namespace {

// An unsigned number of 1, 2, 4 or 8 bytes.
std::uint64_t sized(Cursor& c, unsigned width) {
  switch (width) {
    case 1:
      return c.le<std::uint8_t>();
    case 2:
      return c.le<std::uint16_t>();
    case 4:
      return c.le<std::uint32_t>();
    default:
      return c.le<std::uint64_t>();
  }
}

// Follows the distance back that stands at `at`; 0 when there is none.
std::uint64_t back_from(Cursor& c, std::uint64_t at, unsigned width) {
  c.seek(at);
  std::uint64_t distance = sized(c, width);
  if (distance == 0 || distance > at) c.fail("an offset that leads nowhere");
  return c.ok() ? at - distance : 0;
}

// A vector's length stands in front of its elements.
std::uint64_t length_before(Cursor& c, std::uint64_t at, unsigned width) {
  if (at < width) c.fail("a vector without a length");
  c.seek(c.ok() ? at - width : 0);
  return sized(c, width);
}

std::string_view protobuf_text(std::string_view message, unsigned wanted) {
  Cursor c(as_bytes(message));
  auto varint = [&] {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      auto b = c.le<std::uint8_t>();
      v |= std::uint64_t{b & 0x7FU} << shift;
      if ((b & 0x80U) == 0) break;
    }
    return v;
  };
  while (c.ok() && c.left() > 0) {
    std::uint64_t tag = varint();
    if ((tag & 7U) == 2) {
      std::string_view s = c.text(varint());
      if (tag >> 3U == wanted && c.ok()) return s;
    } else if ((tag & 7U) == 0) {
      varint();
    } else {
      return {};
    }
  }
  return {};
}

}  // namespace

std::string node_operator(Bytes options) {
  // A FlexBuffer is read from its end: the root, its type, its width. Types: 10 a vector of
  // anything, whose element types follow its elements; 15 a vector of texts.
  if (options.size() < 3) return {};
  Cursor c(options);
  c.seek(options.size() - 2);
  unsigned type = c.le<std::uint8_t>();
  unsigned root_width = c.le<std::uint8_t>();
  if (root_width != 1 && root_width != 2 && root_width != 4 && root_width != 8) return {};
  if (type >> 2U != 10 && type >> 2U != 15) return {};
  if (options.size() < 2 + root_width) return {};
  std::uint64_t elements = back_from(c, options.size() - 2 - root_width, root_width);
  unsigned width = 1U << (type & 3U);
  std::uint64_t count = length_before(c, elements, width);
  if (!c.ok() || count < 2 || count > 16) return {};
  std::uint64_t at = back_from(c, elements + width, width);
  unsigned text_width = 1;
  if (type >> 2U == 10) {
    c.seek(elements + count * width + 1);
    text_width = 1U << (c.le<std::uint8_t>() & 3U);
  } else {
    text_width = width;
  }
  std::uint64_t length = length_before(c, at, text_width);
  c.seek(at);
  std::string_view node = c.text(length);
  return c.ok() ? std::string(protobuf_text(node, 2).substr(0, 200)) : std::string();
}

}  // namespace parapet::tflite
