// The superblock, versions 0 to 3: signature, widths of addresses and lengths, base address, end of
// the file, and where the root group stands.
#include <string>

#include "formats/hdf5/header.h"

namespace parapet::hdf5 {

std::uint64_t find_superblock(Bytes bytes) {
  for (std::uint64_t at = 0; at < bytes.size(); at = at == 0 ? 512 : at * 2)
    if (as_text(bytes.subspan(at)).starts_with(signature)) return at;
  return no_address;
}

namespace {

// Of the superblock's extension only the table of shared messages matters here.
void read_extension(File& file, std::uint64_t address) {
  for (const Message& m : read_header(file, address)) {
    if (m.type != Message::shared_table) continue;
    Cursor c = m.open(file);
    c.skip(1);  // version
    file.shared_messages = file.address(c);
    file.shared_heaps = c.le<std::uint8_t>();
    file.finish(c);
  }
}

void check_end(File& file, std::uint64_t stored_base, std::uint64_t end) {
  std::uint64_t size = file.artifact.bytes.size() - file.base;
  // Offsets in a file that was put into another one as it stood still count from its own start.
  bool embedded = stored_base != file.base;
  if (end == no_address) return;
  if (!embedded && end >= stored_base) end -= stored_base;
  if (end > size) {
    file.odd("truncated",
             "the superblock says " + std::to_string(end) + " bytes, the file has " +
                 std::to_string(size),
             {file.base, 8});
    file.sink.partly("shorter than its superblock says");
  } else if (end < size && !embedded) {
    Cursor c(file.artifact.bytes);
    c.seek(file.base + end);
    std::uint64_t at = c.offset();
    Bytes rest = c.take(c.left());
    if (as_text(rest).find_first_not_of('\0') == std::string_view::npos) return;
    file.odd("trailing-data", std::to_string(rest.size()) + " bytes behind the end of the file",
             {at, rest.size()});
    file.sink.child(file.artifact, "tail", rest, file.artifact.owner);
  }
}

}  // namespace

std::uint64_t read_superblock(File& file) {
  Cursor c = file.at(0);
  c.skip(8);
  auto version = c.le<std::uint8_t>();
  bool old = version < 2;
  if (c.ok() && version > 3) c.fail("a version of the superblock that is not known");
  if (old) c.skip(4);  // versions of the free space, the root group and shared headers; reserved
  file.address_size = c.le<std::uint8_t>();
  file.length_size = c.le<std::uint8_t>();
  auto sound = [](unsigned n) { return n == 2 || n == 4 || n == 8; };
  if (!sound(file.address_size) || !sound(file.length_size)) {
    c.fail("a width of addresses that is not supported");
    file.address_size = file.length_size = 8;
  }
  c.skip(1);
  if (old) c.skip(version == 1 ? 12 : 8);  // the trees' widths, flags
  std::uint64_t stored_base = file.address(c);
  std::uint64_t extension = file.address(c);  // free space in old ones
  std::uint64_t end = file.address(c);
  std::uint64_t root = file.address(c);  // the driver's address in old ones
  if (old) {
    if (root != no_address) file.sink.partly("a driver other than the plain file is named");
    file.length(c);  // the root's name
    root = file.address(c);
  }
  file.finish(c);
  if (!c.ok()) return no_address;
  check_end(file, stored_base, end);
  if (!old && extension != no_address) read_extension(file, extension);
  return root;
}

}  // namespace parapet::hdf5
