// One or several gzip members: 1F 8B 08, flags, time, extra, name, comment; deflated data; CRC-32,
// size.
#include "base/text.h"
#include "formats/archive/stream.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) { return as_text(a.bytes).starts_with("\x1f\x8b\x08"); }

// The name that the first member was stored under: shown, never used.
void read_name(const Artifact& a, Sink& sink) {
  Cursor c(a.bytes);
  c.skip(3);
  auto flags = c.le<std::uint8_t>();
  c.skip(6);
  if ((flags & 4U) != 0) c.skip(c.le<std::uint16_t>());
  if ((flags & 8U) == 0) return;
  std::uint64_t at = c.offset();
  std::string_view name = c.until('\0');
  if (!c.ok() || name.empty() || name.size() > 4096) return;
  Fact f{"metadata", {}, {at, name.size()}, "stored under the name " + printable(name)};
  f.set("key", "name").set("value", printable(name)).set("format", "gzip");
  sink.add(std::move(f));
}

void parse(const Artifact& a, Sink& sink) {
  read_name(a, sink);
  archive::read_stream_format(a, Codec::gzip, "gzip", sink);
}

}  // namespace

extern const Format gzip{"gzip",     1,    "gzip members", "https://www.rfc-editor.org/rfc/rfc1952",
                         recognises, parse};

}  // namespace parapet::formats
