// One or several LZ4 frames: u32 magic 184D2204, descriptor, blocks, end mark, checksum.
#include "base/cursor.h"
#include "formats/archive/stream.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  auto magic = c.le<std::uint32_t>();
  if ((magic & 0xFFFFFFF0U) == 0x184D2A50U) {
    c.skip(c.le<std::uint32_t>());  // a skippable frame in front
    magic = c.le<std::uint32_t>();
  }
  return c.ok() && magic == 0x184D2204U;
}

void parse(const Artifact& a, Sink& sink) {
  archive::read_stream_format(a, Codec::lz4, "lz4", sink);
}

}  // namespace

extern const Format lz4{"lz4",        1,
                        "LZ4 frames", "https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md",
                        recognises,   parse};

}  // namespace parapet::formats
