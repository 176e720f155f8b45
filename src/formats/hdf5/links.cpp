#include "formats/hdf5/links.h"

#include <algorithm>

#include "formats/hdf5/fractal_heap.h"

namespace parapet::hdf5 {
namespace {

constexpr unsigned most_levels = 32;
constexpr std::size_t longest_name = 1000;  // kept of a name or path

std::string shortened(std::string_view s) { return std::string(s.substr(0, longest_name)); }

// "SNOD": symbols by name, each with its object's header; soft links keep their path in the heap.
void read_symbols(File& file, Cursor c, const LocalHeap& heap,
                  const std::function<void(Link&&)>& found) {
  if (c.text(4) != "SNOD") c.fail("not a node of symbols");
  c.skip(2);
  unsigned n = c.le<std::uint16_t>();
  if (!file.spend(40ULL * n)) return;
  for (unsigned i = 0; i < n && c.ok() && file.sink.next(); ++i) {
    Link link;
    link.place = {c.offset(), 2ULL * file.address_size + 24, 0, 0, {}};
    std::uint64_t name = number(c, file.address_size);
    link.address = file.address(c);
    auto cached = c.le<std::uint32_t>();
    c.skip(4);
    auto path = c.le<std::uint32_t>();
    c.skip(12);
    if (!c.ok()) break;
    link.name = shortened(heap.text(name));
    if (cached == 2) {
      link.kind = Link::Kind::soft;
      link.target = shortened(heap.text(path));
    }
    found(std::move(link));
  }
  file.finish(c);
}

void read_tree1(File& file, std::uint64_t address, const LocalHeap& heap, unsigned depth,
                const std::function<void(Link&&)>& found) {
  Cursor c = file.at(address);
  if (as_text(c.peek(4)) == "SNOD") return read_symbols(file, c, heap, found);
  if (c.text(4) != "TREE") c.fail("not a node of a tree");
  auto type = c.le<std::uint8_t>();
  c.skip(1);
  unsigned n = c.le<std::uint16_t>();
  file.address(c);
  file.address(c);
  if (c.ok() && (type != 0 || depth > most_levels)) c.fail("not a tree of a group");
  if (!file.spend(24 + 16ULL * n)) return;
  for (unsigned i = 0; i < n && c.ok() && file.sink.next(); ++i) {
    file.length(c);  // the key: where the first name stands
    std::uint64_t child = file.address(c);
    if (c.ok()) read_tree1(file, child, heap, depth + 1, found);
  }
  file.finish(c);
}

void read_message(File& file, Cursor c, const std::function<void(Link&&)>& found) {
  Link link;
  link.place = {c.offset(), c.left(), 0, 0, {}};
  auto version = c.le<std::uint8_t>();
  auto flags = c.le<std::uint8_t>();
  if (c.ok() && version != 1) c.fail("a version of links that is not known");
  unsigned type = (flags & 8U) != 0 ? c.le<std::uint8_t>() : 0U;
  if ((flags & 4U) != 0) c.skip(8);   // order of creation
  if ((flags & 16U) != 0) c.skip(1);  // character set
  link.name = shortened(c.text(number(c, 1U << (flags & 3U))));
  if (type == 0) {
    link.address = file.address(c);
  } else {
    std::string_view value = c.text(c.le<std::uint16_t>());
    link.kind = type == 1    ? Link::Kind::soft
                : type == 64 ? Link::Kind::external
                             : Link::Kind::other;
    if (type == 64 && !value.empty()) {
      value.remove_prefix(1);  // version and flags
      link.file = shortened(value.substr(0, value.find('\0')));
      value.remove_prefix(std::min(value.size(), value.find('\0')));
      if (!value.empty()) value.remove_prefix(1);
      value = value.substr(0, value.find('\0'));
    }
    link.target = shortened(value);
  }
  file.finish(c);
  if (c.ok()) found(std::move(link));
}

void read_dense(File& file, Cursor c, const std::function<void(Link&&)>& found) {
  c.skip(1);
  auto flags = c.le<std::uint8_t>();
  if ((flags & 1U) != 0) c.skip(8);  // the highest order of creation
  std::uint64_t heap = file.address(c), names = file.address(c);
  file.finish(c);
  if (!c.ok() || heap == no_address || names == no_address) return;
  FractalHeap& objects = heap_at(file, heap);
  TreeRecords tree = read_tree2(file, names);
  if (tree.type != 5) file.sink.partly("links in a tree that is not one of names");
  for (Bytes record : tree.records) {
    if (!file.sink.next() || tree.type != 5) return;
    Cursor r(record);
    r.skip(4);  // hash of the name
    Bytes id = r.take(objects.id_length());
    Cursor body = objects.open(id);
    if (body.ok())
      read_message(file, body, found);
    else
      file.finish(body);
  }
}

}  // namespace

LocalHeap::LocalHeap(File& file, std::uint64_t address) {
  Cursor c = file.at(address);
  if (c.text(4) != "HEAP") c.fail("not a local heap");
  c.skip(4);
  std::uint64_t size = file.length(c);
  file.length(c);
  std::uint64_t data = file.address(c);
  file.finish(c);
  if (!c.ok()) return;
  Cursor d = file.at(data);
  data_ = d.text(size);
  file.finish(d);
}

std::string_view LocalHeap::text(std::uint64_t offset) const {
  if (offset >= data_.size()) return {};
  std::string_view rest = data_.substr(offset, longest_name);
  return rest.substr(0, rest.find('\0'));
}

bool is_group(const std::vector<Message>& header) {
  return std::any_of(header.begin(), header.end(), [](const Message& m) {
    return m.type == Message::symbol_table || m.type == Message::link_info ||
           m.type == Message::link;
  });
}

void read_links(File& file, const std::vector<Message>& header,
                const std::function<void(Link&&)>& found) {
  for (const Message& m : header) {
    if (!file.sink.next()) return;
    if (m.type == Message::link) read_message(file, m.open(file), found);
    if (m.type == Message::link_info) read_dense(file, m.open(file), found);
    if (m.type != Message::symbol_table) continue;
    Cursor c = m.open(file);
    std::uint64_t tree = file.address(c), heap = file.address(c);
    file.finish(c);
    if (c.ok() && tree != no_address && heap != no_address)
      read_tree1(file, tree, LocalHeap(file, heap), 0, found);
  }
}

}  // namespace parapet::hdf5
