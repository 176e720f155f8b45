#pragma once
// The records of a zip file, each read as it stands: nothing is believed because another record
// says so. Layout: APPNOTE.TXT 6.3.10, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/sink.h"

namespace parapet::archive {

inline constexpr std::string_view local_signature{"PK\x03\x04", 4};
inline constexpr std::string_view central_signature{"PK\x01\x02", 4};
inline constexpr std::string_view end_signature{"PK\x05\x06", 4};
inline constexpr std::string_view descriptor_signature{"PK\x07\x08", 4};

// What a central record and a local header both say.
struct ZipHeader {
  std::uint64_t offset = 0, length = 0;  // of the record itself
  std::uint16_t flags = 0, method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0, size = 0;  // bytes; the zip64 values where those are used
  std::string_view name;
  std::string_view unicode_name;  // of the extra field 0x7075, empty when there is none
  bool zip64 = false;

  bool encrypted() const { return (flags & 1U) != 0; }
  bool has_descriptor() const { return (flags & 8U) != 0; }
  std::uint64_t data() const { return offset + length; }  // of a local header: where its data start
};

struct CentralRecord : ZipHeader {
  std::uint16_t made_by = 0;
  std::uint32_t attributes = 0;    // external: Unix mode in the upper half
  std::uint64_t local_offset = 0;  // absolute, when data in front of the archive is counted in
  bool is_symlink() const {
    unsigned system = made_by >> 8U;
    return (system == 3 || system == 19) && (attributes >> 16U & 0xF000U) == 0xA000U;
  }
};

// "End of central directory", with the zip64 one in front of it.
struct EndRecord {
  std::uint64_t offset = 0, length = 0;  // with the comment; offset of the plain record
  std::uint64_t start = 0;               // of the zip64 records, when there are any, else `offset`
  std::uint64_t entries = 0, directory_size = 0, directory_offset = 0;
  std::string_view comment;
};

// A place where a reader may find the central directory.
struct Directory {
  std::uint64_t offset = 0, end = 0;
  std::uint64_t before = 0;    // bytes in front of the archive, to be added to its offsets
  std::uint64_t declared = 0;  // entries by the end record
  std::vector<CentralRecord> records;
};

// All that fit, in the last 66 KiB of the file (where readers look), the last one first.
std::vector<EndRecord> end_records(Bytes);
// The directories that `end` can mean: offsets counted from the file's start, as miniz does it, or
// back from the end record, as Python does it. Two when they differ.
std::vector<Directory> directories(Bytes, const EndRecord& end, Sink&);
std::optional<ZipHeader> local_header(Bytes, std::uint64_t offset);
// Bytes that the data descriptor at `offset` takes: 0, 12, 16, 20 or 24. `says` gets its values.
std::uint64_t descriptor(Bytes, std::uint64_t offset, const ZipHeader& wanted, ZipHeader& says);

std::string_view method_name(std::uint16_t method);

}  // namespace parapet::archive
