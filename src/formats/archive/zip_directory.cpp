#include "formats/archive/zip_directory.h"

#include <algorithm>

#include "base/cursor.h"
#include "base/text.h"

namespace parapet::archive {
namespace {

constexpr std::uint32_t in_zip64 = 0xFFFFFFFFU;
constexpr std::uint64_t end_record_size = 22, longest_comment = 0xFFFF;

Cursor at(Bytes bytes, std::uint64_t offset) {
  Cursor c(bytes);
  c.seek(offset);
  return c;
}

bool stands_at(Bytes bytes, std::uint64_t offset, std::string_view signature) {
  Cursor c = at(bytes, offset);
  return c.text(4) == signature && c.ok();
}

// Extra fields: u16 id, u16 size, bytes. Only what changes the meaning of the record is read. A
// field that does not fit ends the list, as most readers do it.
void read_extra(Bytes extra, ZipHeader& h, std::uint64_t* local_offset) {
  Cursor c(extra);
  while (c.left() >= 4) {
    auto id = c.le<std::uint16_t>();
    Cursor field = c.sub(c.le<std::uint16_t>());
    if (!c.ok()) return;
    if (id == 0x0001) {
      h.zip64 = true;
      if (h.size == in_zip64) h.size = field.le<std::uint64_t>();
      if (h.packed == in_zip64) h.packed = field.le<std::uint64_t>();
      if (local_offset != nullptr && *local_offset == in_zip64)
        *local_offset = field.le<std::uint64_t>();
    } else if (id == 0x7075) {
      field.skip(5);  // version, CRC of the plain name
      h.unicode_name = field.text(field.left());
    }
  }
}

bool read_zip64_end(Bytes bytes, EndRecord& end) {
  if (end.offset < 20 || !stands_at(bytes, end.offset - 20, {"PK\x06\x07", 4})) return false;
  Cursor locator = at(bytes, end.offset - 20);
  locator.skip(8);
  auto where = locator.le<std::uint64_t>();
  constexpr std::string_view signature{"PK\x06\x06", 4};
  // With data in front of the archive the locator points short; the record then stands right before
  // it.
  if (!stands_at(bytes, where, signature)) {
    if (end.offset < 76) return false;
    where = end.offset - 76;
    if (!stands_at(bytes, where, signature)) return false;
  }
  Cursor c = at(bytes, where);
  c.skip(32);
  end.entries = c.le<std::uint64_t>();
  end.directory_size = c.le<std::uint64_t>();
  end.directory_offset = c.le<std::uint64_t>();
  end.start = where;
  return c.ok();
}

std::optional<EndRecord> read_end(Bytes bytes, std::uint64_t offset) {
  Cursor c = at(bytes, offset);
  c.skip(10);
  EndRecord end{offset, 0, offset, 0, 0, 0, {}};
  end.entries = c.le<std::uint16_t>();
  end.directory_size = c.le<std::uint32_t>();
  end.directory_offset = c.le<std::uint32_t>();
  end.comment = c.text(c.le<std::uint16_t>());
  if (!c.ok()) return std::nullopt;
  end.length = c.offset() - offset;
  return end;
}

CentralRecord read_central(Cursor& c, std::uint64_t before) {
  CentralRecord r;
  r.offset = c.offset();
  c.skip(4);
  r.made_by = c.le<std::uint16_t>();
  c.skip(2);
  r.flags = c.le<std::uint16_t>();
  r.method = c.le<std::uint16_t>();
  c.skip(4);
  r.crc = c.le<std::uint32_t>();
  r.packed = c.le<std::uint32_t>();
  r.size = c.le<std::uint32_t>();
  auto name = c.le<std::uint16_t>();
  auto extra = c.le<std::uint16_t>();
  auto comment = c.le<std::uint16_t>();
  c.skip(4);
  r.attributes = c.le<std::uint32_t>();
  r.local_offset = c.le<std::uint32_t>();
  r.name = c.text(name);
  read_extra(c.take(extra), r, &r.local_offset);
  c.skip(comment);
  r.length = c.offset() - r.offset;
  // Beyond 2^63 the offset is wrong whatever is added; it must only not wrap.
  r.local_offset = r.local_offset < (1ULL << 63U) ? r.local_offset + before : r.local_offset;
  return r;
}

Directory read_directory(Bytes bytes, std::uint64_t offset, std::uint64_t before,
                         const EndRecord& end, Sink& sink) {
  Directory d{offset, offset, before, end.entries, {}};
  Cursor c = at(bytes, offset);
  while (c.ok() && as_text(c.peek(4)) == central_signature && sink.next()) {
    CentralRecord r = read_central(c, before);
    if (!c.ok()) break;
    d.records.push_back(r);
    d.end = c.offset();
    if (d.records.size() >= sink.budget().limits().entries) break;
  }
  if (!c.ok()) sink.finish(c);
  return d;
}

}  // namespace

std::vector<EndRecord> end_records(Bytes bytes) {
  std::vector<EndRecord> out;
  std::uint64_t tail = std::min<std::uint64_t>(bytes.size(), end_record_size + longest_comment);
  std::uint64_t first = bytes.size() - tail;
  std::string_view text = as_text(bytes.subspan(first));
  if (!contains(text, end_signature)) return out;  // quickly, for every file comes here
  for (std::size_t n = text.rfind(end_signature); n != std::string_view::npos;
       n = n == 0 ? n - 1 : text.rfind(end_signature, n - 1)) {
    auto end = read_end(bytes, first + n);
    if (!end) continue;
    EndRecord plain = *end;
    bool zip64 = read_zip64_end(bytes, *end);
    bool empty = end->entries == 0 && end->directory_size == 0;
    bool found = empty || stands_at(bytes, end->directory_offset, central_signature) ||
                 (end->start >= end->directory_size &&
                  stands_at(bytes, end->start - end->directory_size, central_signature));
    if (found) out.push_back(*end);
    // Readers that do not know zip64 take the plain record's values, where it has any.
    if (zip64 && plain.directory_offset != in_zip64 &&
        plain.directory_offset != end->directory_offset &&
        stands_at(bytes, plain.directory_offset, central_signature))
      out.push_back(plain);
    if (out.size() >= 64) break;
  }
  return out;
}

std::vector<Directory> directories(Bytes bytes, const EndRecord& end, Sink& sink) {
  std::vector<Directory> out;
  bool fits = end.start >= end.directory_size;
  std::uint64_t counted_back = fits ? end.start - end.directory_size : 0;
  if (stands_at(bytes, end.directory_offset, central_signature))
    out.push_back(read_directory(bytes, end.directory_offset, 0, end, sink));
  if (fits && counted_back != end.directory_offset &&
      stands_at(bytes, counted_back, central_signature)) {
    std::uint64_t before =
        counted_back > end.directory_offset ? counted_back - end.directory_offset : 0;
    out.push_back(read_directory(bytes, counted_back, before, end, sink));
  }
  return out;
}

std::optional<ZipHeader> local_header(Bytes bytes, std::uint64_t offset) {
  Cursor c = at(bytes, offset);
  if (c.text(4) != local_signature) return std::nullopt;
  ZipHeader h;
  h.offset = offset;
  c.skip(2);
  h.flags = c.le<std::uint16_t>();
  h.method = c.le<std::uint16_t>();
  c.skip(4);
  h.crc = c.le<std::uint32_t>();
  h.packed = c.le<std::uint32_t>();
  h.size = c.le<std::uint32_t>();
  auto name = c.le<std::uint16_t>();
  auto extra = c.le<std::uint16_t>();
  h.name = c.text(name);
  read_extra(c.take(extra), h, nullptr);
  if (!c.ok()) return std::nullopt;
  h.length = c.offset() - offset;
  return h;
}

std::uint64_t descriptor(Bytes bytes, std::uint64_t offset, const ZipHeader& wanted,
                         ZipHeader& says) {
  bool marked = stands_at(bytes, offset, descriptor_signature);
  auto read = [&](bool wide) {
    Cursor c = at(bytes, offset);
    if (marked) c.skip(4);
    says.crc = c.le<std::uint32_t>();
    says.packed = wide ? c.le<std::uint64_t>() : c.le<std::uint32_t>();
    says.size = wide ? c.le<std::uint64_t>() : c.le<std::uint32_t>();
    bool agrees = says.packed == wanted.packed && says.size == wanted.size;
    return c.ok() && (agrees || says.crc == wanted.crc) ? c.offset() - offset : 0;
  };
  for (bool wide : {false, true}) {
    std::uint64_t length = read(wide);
    if (length != 0 && says.packed == wanted.packed && says.size == wanted.size) return length;
  }
  if (!marked) return read(false);
  std::uint64_t narrow = read(false);
  return narrow != 0 ? narrow : std::min<std::uint64_t>(16, bytes.size() - offset);
}

std::string_view method_name(std::uint16_t method) {
  switch (method) {
    case 0:
      return "stored";
    case 8:
      return "deflate";
    case 9:
      return "deflate64";
    case 12:
      return "bzip2";
    case 14:
      return "lzma";
    case 93:
      return "zstd";
    case 95:
      return "xz";
    case 99:
      return "aes";
    default:
      return "unknown";
  }
}

}  // namespace parapet::archive
