// Archives read through libarchive in a process of its own: 7z, rar, cab, iso, cpio, ar.
//
// A 7z file is 32 bytes (mark, version, CRC, offset, size and CRC of the header at the end), packed
// streams, header. The first 32 bytes and the header's CRC are checked here before anything is
// started. https://py7zr.readthedocs.io/en/latest/archive_format.html
#include <libdeflate.h>

#include <algorithm>

#include "base/cursor.h"
#include "base/text.h"
#include "formats/archive/entry.h"
#include "formats/format.h"
#include "io/unpack.h"

namespace parapet::formats {
namespace {

constexpr std::string_view sevenzip_mark{"7z\xbc\xaf\x27\x1c", 6};

std::string_view container(Bytes bytes) {
  std::string_view head = as_text(bytes.first(std::min<std::size_t>(bytes.size(), 64)));
  if (head.starts_with(sevenzip_mark)) return "7z";
  if (head.starts_with("Rar!\x1a\x07")) return "rar";
  if (head.starts_with(std::string_view("MSCF\0\0\0\0", 8))) return "cab";
  if (head.starts_with("!<arch>\n")) return "ar";
  if (head.starts_with("070701") || head.starts_with("070702")) return "cpio";
  if (head.starts_with("070707") && head.size() >= 64 &&
      std::all_of(head.begin(), head.begin() + 59, [](char c) { return c >= '0' && c <= '7'; }))
    return "cpio";
  Cursor c(bytes);
  c.seek(32769);
  if (c.text(5) == "CD001") return "iso";
  return {};
}

bool recognises(const Artifact& a) { return !container(a.bytes).empty(); }

// Is the header of a 7z whole? Says what is wrong otherwise.
bool sevenzip_header(const Artifact& a, archive::Members& members, Sink& sink) {
  Cursor c(a.bytes);
  c.skip(8);
  auto crc = c.le<std::uint32_t>();
  Bytes start = c.peek(20);
  auto offset = c.le<std::uint64_t>();
  auto size = c.le<std::uint64_t>();
  auto header_crc = c.le<std::uint32_t>();
  if (c.ok() && ::libdeflate_crc32(0, start.data(), start.size()) != crc)
    c.fail("the start header has another checksum than it says");
  if (c.ok() && size == 0) return false;  // an archive without members
  c.skip(offset);
  std::uint64_t at = c.offset();
  Bytes header = c.take(size);
  if (c.ok() && ::libdeflate_crc32(0, header.data(), header.size()) != header_crc)
    c.fail("the header has another checksum than it says");
  if (c.ok() && c.left() != 0)
    members.anomaly("trailing-data", std::to_string(c.left()) + " bytes after the archive",
                    at + size, c.left());
  sink.finish(c);
  return c.ok();
}

void take(UnpackedMember&& m, const Artifact& a, archive::Members& members, Sink& sink) {
  using Type = UnpackedMember::Type;
  Place all = members.place(0, a.bytes.size());
  std::string shown = printable(m.name, 120);
  members.check_name(m.name, "", all);
  if (m.type == Type::symlink || m.type == Type::hardlink)
    members.check_link(m.name, m.link, m.type == Type::hardlink, "", all);
  if (m.type == Type::device)
    members.problem(m.name, "", "device", "member " + shown + " is a device, pipe or socket", all);
  if (m.encrypted)
    members.problem(m.name, "", "encrypted", "member " + shown + " is encrypted: not scanned", all);
  if (m.limited)
    members.anomaly("bomb",
                    "member " + shown + " unpacks to more than the limit: stopped after " +
                        std::to_string(m.content.bytes.size()) + " bytes",
                    0, a.bytes.size());
  if (!m.error.empty()) {
    sink.partly("member " + shown + ": " + m.error);
    if (!m.limited && !m.encrypted)
      members.anomaly("malformed", "member " + shown + ": " + m.error, 0, a.bytes.size());
  }
  if (m.content.bytes.empty()) return;
  members.check_content(m.name, "", m.content.bytes, all);
  sink.child(a, m.name, m.content.bytes, m.content.owner);
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view what = container(a.bytes);
  if (what.empty()) return;
  sink.is(what);
  archive::Members members(a, sink, what);
  if (what == "7z" && !sevenzip_header(a, members, sink)) return;
  Unpacked r = unpack(a.bytes, sink.budget(),
                      [&](UnpackedMember&& m) { take(std::move(m), a, members, sink); });
  if (r.error.empty()) return;
  sink.partly(std::string(what) + ": " + r.error);
  if (!r.limited)
    sink.anomaly("malformed", std::string(what) + " archive: " + r.error, {0, a.bytes.size()});
}

}  // namespace

extern const Format sevenzip{"sevenzip",
                             1,
                             "7z, rar, cab, iso, cpio and ar archives",
                             "https://py7zr.readthedocs.io/en/latest/archive_format.html",
                             recognises,
                             parse};

}  // namespace parapet::formats
