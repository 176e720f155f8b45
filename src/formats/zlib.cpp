// One zlib stream: CMF, FLG, deflated data, Adler-32. Two bytes are a weak mark ("x^2" begins like
// one), so the data must inflate as well.
#include "base/cursor.h"
#include "formats/archive/stream.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  unsigned both = c.be<std::uint16_t>();
  bool header = c.ok() && (both >> 8U & 0x0FU) == 8 && both >> 12U <= 7 && both % 31 == 0 &&
                (both & 0x20U) == 0;
  return header && inflates(Codec::zlib, a.bytes);
}

void parse(const Artifact& a, Sink& sink) {
  archive::read_stream_format(a, Codec::zlib, "zlib", sink);
}

}  // namespace

extern const Format zlib{"zlib",     1,    "zlib streams", "https://www.rfc-editor.org/rfc/rfc1950",
                         recognises, parse};

}  // namespace parapet::formats
