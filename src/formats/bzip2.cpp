// One or several bzip2 streams: "BZh", level, blocks (mark 314159265359), end (177245385090), CRC.
#include "base/cursor.h"
#include "formats/archive/stream.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  bool magic = c.text(3) == "BZh";
  auto level = c.le<std::uint8_t>();
  std::string_view block = c.text(6);
  return c.ok() && magic && level >= '1' && level <= '9' &&
         (block == "1AY&SY" || block == "\x17rE8P\x90");
}

void parse(const Artifact& a, Sink& sink) {
  archive::read_stream_format(a, Codec::bzip2, "bzip2", sink);
}

}  // namespace

extern const Format bzip2{"bzip2",    1,    "bzip2 streams", "https://sourceware.org/bzip2/",
                          recognises, parse};

}  // namespace parapet::formats
