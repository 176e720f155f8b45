// One or several zstd frames: u32 magic FD2FB528, header, blocks, checksum; skippable frames
// between.
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
  return c.ok() && magic == 0xFD2FB528U;
}

void parse(const Artifact& a, Sink& sink) {
  archive::read_stream_format(a, Codec::zstd, "zstd", sink);
}

}  // namespace

extern const Format zstd{
    "zstd", 1, "Zstandard frames", "https://www.rfc-editor.org/rfc/rfc8878", recognises, parse};

}  // namespace parapet::formats
