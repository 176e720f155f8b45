#pragma once
// Opens a file to scan: small ones are read, large ones mapped. A mapping that another process cuts
// short while we read it gives zeros instead of SIGBUS, and says so by `torn`.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace parapet {

struct OpenFile {
  Bytes bytes;
  std::shared_ptr<const void> owner;
  std::shared_ptr<const std::atomic<bool>> torn;  // null for files that were read
};

inline constexpr std::uint64_t read_below = 4ULL << 20U;  // bytes; larger files are mapped

// Regular files only; a symbolic link, device, pipe or socket is refused with the reason.
Result<OpenFile> open_file(const std::string& path);

// A file below a folder, by a path that neither leaves it nor goes through a symbolic link.
Result<OpenFile> open_beneath(const std::string& folder, const std::string& path);

// Reads a descriptor to its end, at most `limit` bytes ("standard input" is named in the error).
Result<OpenFile> read_stream(int descriptor, std::uint64_t limit);

// Maps an open descriptor of `size` bytes; the descriptor may be closed after.
Result<OpenFile> map_descriptor(int descriptor, std::uint64_t size);

// Gives back the memory of pages that a scan has passed. Only whole pages inside one of our own
// mappings; anything else is left alone. They are read again from the file when touched.
void drop_pages(Bytes passed);

}  // namespace parapet
