#include "formats/hdf5/header.h"

#include <string>
#include <unordered_set>

#include "formats/hdf5/fractal_heap.h"

namespace parapet::hdf5 {
namespace {

struct Block {
  std::uint64_t offset, length;  // absolute
};

struct Blocks {
  std::vector<Block> todo;
  std::unordered_set<std::uint64_t> known;  // offsets: blocks may continue each other in a ring
};

struct Layout {
  unsigned version = 1;
  bool creation_order = false;
};

void read_block(File& file, Cursor c, const Layout& layout, std::vector<Message>& out,
                Blocks& blocks) {
  if (!file.spend(c.left())) return;
  unsigned head = layout.version == 1 ? 8 : layout.creation_order ? 6 : 4;
  // Fewer bytes than a message's head are a gap.
  while (c.ok() && c.left() >= head && file.sink.next()) {
    Message m;
    if (layout.version == 1) {
      m.type = c.le<std::uint16_t>();
      m.length = c.le<std::uint16_t>();
      m.flags = c.le<std::uint8_t>();
      c.skip(3);
    } else {
      m.type = c.le<std::uint8_t>();
      m.length = c.le<std::uint16_t>();
      m.flags = c.le<std::uint8_t>();
      if (layout.creation_order) c.skip(2);
    }
    m.offset = c.offset();
    c.skip(m.length);
    if (!c.ok() || m.type == 0) continue;
    if (m.type == Message::continuation) {
      Cursor body(file.artifact.bytes);
      body.seek(m.offset);
      std::uint64_t address = file.address(body), length = file.length(body);
      Cursor there = file.at(address);
      if (there.ok() && length > there.left()) there.fail("a continuation that leaves the file");
      file.finish(there);
      if (there.ok() && blocks.known.insert(there.offset()).second)
        blocks.todo.push_back({there.offset(), length});
    } else {
      out.push_back(m);
    }
  }
  file.finish(c);
}

// The first block, after the header's prefix.
Cursor read_prefix(File& file, std::uint64_t address, Layout& layout) {
  Cursor c = file.at(address);
  if (as_text(c.peek(4)) != "OHDR") {
    auto version = c.le<std::uint8_t>();
    if (c.ok() && version != 1) c.fail("not an object header");
    c.skip(7);  // reserved, number of messages, references
    auto size = c.le<std::uint32_t>();
    c.skip(4);
    return c.sub(size);
  }
  c.skip(4);
  layout.version = c.le<std::uint8_t>();
  auto flags = c.le<std::uint8_t>();
  layout.creation_order = (flags & 4U) != 0;
  if (c.ok() && layout.version != 2) c.fail("a version of object headers that is not known");
  if ((flags & 0x20U) != 0) c.skip(16);  // times
  if ((flags & 0x10U) != 0) c.skip(4);   // when to store attributes densely
  return c.sub(number(c, 1U << (flags & 3U)));
}

}  // namespace

std::vector<Message> read_header(File& file, std::uint64_t address) {
  std::vector<Message> out;
  Layout layout;
  Cursor first = read_prefix(file, address, layout);
  Blocks blocks;
  read_block(file, first, layout, out, blocks);
  for (std::size_t i = 0; i < blocks.todo.size() && file.sink.next(); ++i) {
    Cursor c(file.artifact.bytes);
    c.seek(blocks.todo[i].offset);
    if (layout.version == 2) {
      if (c.text(4) != "OCHK" || blocks.todo[i].length < 8)
        c.fail("not a continuation of a header");
      c = c.sub(blocks.todo[i].length - 8);  // signature and checksum
    } else {
      c = c.sub(blocks.todo[i].length);
    }
    read_block(file, c, layout, out, blocks);
  }
  return out;
}

Cursor Message::open(File& file) const {
  Cursor c(file.artifact.bytes);
  c.seek(offset);
  c = c.sub(length);
  return shared() ? open_shared(file, c, type) : c;
}

Cursor open_shared(File& file, Cursor c, std::uint16_t type) {
  auto version = c.le<std::uint8_t>();
  auto where = c.le<std::uint8_t>();
  if (version == 1) c.skip(6);
  if (version == 3 && where == 1) return open_in_shared_heap(file, c.take(8), type);
  std::uint64_t address = file.address(c);
  if (!c.ok()) return c;
  // A named type is referred to as a whole: one body an object.
  auto known = file.shared_bodies.find(address);
  if (known == file.shared_bodies.end()) {
    File::Part found;
    for (const Message& m : read_header(file, address))
      if (m.type == type && !m.shared()) found = {m.offset, m.length};
    known = file.shared_bodies.emplace(address, found).first;
  }
  if (!file.spend(known->second.length)) return Cursor(Bytes{});
  if (known->second.length != 0) {
    Cursor body(file.artifact.bytes);
    body.seek(known->second.offset);
    return body.sub(known->second.length);
  }
  c.fail("a shared message that is not there");
  return c;
}

}  // namespace parapet::hdf5
