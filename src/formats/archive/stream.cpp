#include "formats/archive/stream.h"

#include <algorithm>

#include "base/text.h"

namespace parapet::archive {

void read_stream_format(const Artifact& a, Codec codec, std::string_view what, Sink& sink) {
  sink.is(what);
  Scratch scratch(sink.budget());
  Inflated r = inflate(codec, a.bytes, scratch, sink.budget());
  auto held = scratch.take();
  std::uint64_t at = std::min<std::uint64_t>(r.stopped_at, a.bytes.size());
  std::string where = " at offset " + std::to_string(at);
  if (r.limited) {
    sink.anomaly("bomb",
                 std::string(what) + " stream: stopped at " + r.error + ", after " +
                     std::to_string(held.bytes.size()) + " bytes out of " + std::to_string(at),
                 {0, at});
    sink.partly("stopped at " + r.error);
  } else if (!r.complete) {
    bool cut = r.error == "truncated";
    sink.anomaly(cut ? "truncated" : "malformed",
                 std::string(what) + " stream: " + printable(r.error) + where, {at, 0});
    sink.partly(std::string(what) + ": " + printable(r.error) + where);
  }
  Bytes rest = a.bytes.subspan(at);
  bool zeros = std::all_of(rest.begin(), rest.end(), [](std::byte b) { return b == std::byte{0}; });
  if (r.complete && !zeros) {
    Fact f{"anomaly",
           {},
           {at, rest.size()},
           std::to_string(rest.size()) + " bytes after the " + std::string(what) + " stream"};
    f.set("name", "trailing-data").set("archive", what);
    sink.add(std::move(f));
  }
  if (!held.bytes.empty()) sink.child(a, inner_name(a.name), held.bytes, held.owner);
  if (r.complete && !zeros && rest.size() >= 16)
    sink.child(a, "(bytes at " + std::to_string(at) + ")", rest, a.owner);
}

}  // namespace parapet::archive
