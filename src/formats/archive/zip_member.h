#pragma once
// The bytes of one zip member: unpacked, and compared with what its headers say of them.
#include <memory>
#include <string>

#include "formats/archive/entry.h"
#include "formats/archive/zip_directory.h"

namespace parapet::archive {

struct ZipContent {
  Bytes bytes;
  std::shared_ptr<const void> owner;
  bool complete = false;  // decoded to the end of its stream
  bool supported = true;  // the method is one that we read
  bool limited = false;   // cut by a limit
  std::string error;
  std::uint64_t used = 0;  // packed bytes that the stream took
};

// Stored members are views into the artifact; others go through a Scratch.
ZipContent unpack_member(const Artifact& zip, Bytes packed, std::uint16_t method,
                         const ZipHeader& header, Sink& sink);

// In blocks, giving mapped pages back behind it; nothing when a limit was hit.
std::optional<std::uint32_t> crc_of(Bytes bytes, Sink& sink);

}  // namespace parapet::archive
