#include "formats/hdf5/attributes.h"

#include "formats/hdf5/fractal_heap.h"

namespace parapet::hdf5 {
namespace {

constexpr std::size_t longest_name = 1000;

void read_message(File& file, Cursor c, const std::function<void(const Attribute&)>& found) {
  Attribute a;
  auto version = c.le<std::uint8_t>();
  auto flags = c.le<std::uint8_t>();
  if (c.ok() && (version < 1 || version > 3)) c.fail("a version of attributes that is not known");
  std::uint64_t name = c.le<std::uint16_t>(), type = c.le<std::uint16_t>(),
                space = c.le<std::uint16_t>();
  if (version == 3) c.skip(1);  // character set
  auto part = [&](std::uint64_t size) {
    Cursor out = c.sub(size);
    if (version == 1) c.skip((8 - size % 8) % 8);
    return out;
  };
  Cursor name_at = part(name), type_at = part(type), space_at = part(space);
  if (version > 1 && (flags & 1U) != 0) type_at = open_shared(file, type_at, Message::datatype);
  if (version > 1 && (flags & 2U) != 0) space_at = open_shared(file, space_at, Message::dataspace);
  std::string_view text = name_at.text(name_at.left());
  a.name = text.substr(0, text.find('\0')).substr(0, longest_name);
  a.type = read_datatype(file, type_at);
  a.space = read_dataspace(file, space_at);
  for (const Cursor* each : {&c, &type_at, &space_at}) file.finish(*each);
  if (!c.ok() || !type_at.ok() || !space_at.ok()) return;
  a.data = c;
  found(a);
}

void read_dense(File& file, Cursor c, const std::function<void(const Attribute&)>& found) {
  c.skip(1);
  auto flags = c.le<std::uint8_t>();
  if ((flags & 1U) != 0) c.skip(2);  // the highest order of creation
  std::uint64_t heap = file.address(c), names = file.address(c);
  file.finish(c);
  if (!c.ok() || heap == no_address || names == no_address) return;
  TreeRecords tree = read_tree2(file, names);
  if (tree.type != 8) file.sink.partly("attributes in a tree that is not one of names");
  for (Bytes record : tree.records) {
    if (!file.sink.next() || tree.type != 8) return;
    Cursor r(record);
    Bytes id = r.take(8);
    bool shared = (r.le<std::uint8_t>() & 2U) != 0;
    if (!r.ok()) return file.finish(r);
    Cursor body =
        shared ? open_in_shared_heap(file, id, Message::attribute) : heap_at(file, heap).open(id);
    if (body.ok() && file.spend(body.left()))
      read_message(file, body, found);
    else
      file.finish(body);
  }
}

}  // namespace

void read_attributes(File& file, const std::vector<Message>& header,
                     const std::function<void(const Attribute&)>& found) {
  for (const Message& m : header) {
    if (!file.sink.next()) return;
    if (m.type == Message::attribute) read_message(file, m.open(file), found);
    if (m.type == Message::attribute_info) read_dense(file, m.open(file), found);
  }
}

}  // namespace parapet::hdf5
