#pragma once
// Archives that libarchive reads (7z, rar, cab, iso, cpio, ar, and zips of the user's own),
// unpacked by another process with a memory and a time limit: a fuzzed 7z of 113 bytes makes
// libarchive ask for 8.5 GB, and a fault there must not be one here. What the process sends back is
// as hostile as the archive.
#include <functional>
#include <string>

#include "base/bytes.h"
#include "io/scratch.h"
#include "model/budget.h"

namespace parapet {

struct UnpackedMember {
  enum class Type : std::uint8_t { file, folder, symlink, hardlink, device, other };
  std::string name, link;  // link: the target of a link
  Type type = Type::file;
  bool encrypted = false;
  bool limited = false;  // cut by the budget
  std::string error;     // why its content is not complete
  Scratch::Held content;
};

struct Unpacked {
  std::string error;     // why reading ended early; empty when it reached the archive's end
  bool limited = false;  // by a limit of ours rather than by the archive
};

// `member` is called for each member in order.
Unpacked unpack(Bytes archive, Budget&, const std::function<void(UnpackedMember&&)>& member);

}  // namespace parapet
