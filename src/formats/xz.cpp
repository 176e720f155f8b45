// One or several xz streams: FD "7zXZ" 00, flags, CRC; blocks, index, footer. Zero padding between.
#include "base/cursor.h"
#include "formats/archive/stream.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  return as_text(a.bytes).starts_with(
      std::string_view("\xfd"
                       "7zXZ\0",
                       6));
}

void parse(const Artifact& a, Sink& sink) { archive::read_stream_format(a, Codec::xz, "xz", sink); }

}  // namespace

extern const Format xz{"xz",       1,    "xz streams", "https://tukaani.org/xz/xz-file-format.txt",
                       recognises, parse};

}  // namespace parapet::formats
