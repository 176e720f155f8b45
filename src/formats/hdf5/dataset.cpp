#include "formats/hdf5/dataset.h"

#include <algorithm>

#include "formats/hdf5/links.h"

namespace parapet::hdf5 {
namespace {

constexpr std::size_t most_sources = 10'000;
constexpr std::size_t longest_name = 1000;

void read_piece(File& file, Cursor& c, Storage& s) {
  s.kind = Storage::Kind::contiguous;
  s.address = file.address(c);
  s.length = file.length(c);
}

// Version 4 and 5: chunks with an index that suits how the dataset grows.
void read_chunk_index(File& file, Cursor& c, Storage& s) {
  auto flags = c.le<std::uint8_t>();
  unsigned rank = c.le<std::uint8_t>(), width = c.le<std::uint8_t>();
  if (width > 8) c.fail("chunks with impossible sizes");
  for (unsigned i = 0; i < rank && c.ok(); ++i)
    s.chunk.push_back(static_cast<std::uint32_t>(number(c, width)));
  auto index = c.le<std::uint8_t>();
  if (index < 1 || index > 5) c.fail("an index of chunks that is not known");
  s.index = static_cast<Storage::Index>(index);
  if (index == 1 && (flags & 2U) != 0) {
    s.filtered_single = true;
    s.length = file.length(c);
    c.skip(4);  // filters left out
  }
  if (index == 3) c.skip(1);
  if (index == 4) c.skip(5);
  if (index == 5) c.skip(6);
  s.address = file.address(c);
}

// Versions 1 and 2: rank, class, five reserved bytes, address, dimensions.
void read_old_layout(File& file, Cursor& c, Storage& s) {
  unsigned rank = c.le<std::uint8_t>(), kind = c.le<std::uint8_t>();
  c.skip(5);
  if (kind != 0) s.address = file.address(c);
  std::uint64_t bytes = 1;
  for (unsigned i = 0; i < rank && c.ok(); ++i) {
    s.chunk.push_back(c.le<std::uint32_t>());
    if (__builtin_mul_overflow(bytes, std::uint64_t{s.chunk.back()}, &bytes)) bytes = ~0ULL;
  }
  if (kind == 0) {
    s.kind = Storage::Kind::compact;
    s.length = c.le<std::uint32_t>();
    s.place = {c.offset(), s.length, 0, 0, {}};
    c.skip(s.length);
  } else if (kind == 1) {
    s.kind = Storage::Kind::contiguous;
    s.length = bytes;
  } else {
    s.kind = Storage::Kind::chunked;
    s.chunk.push_back(c.le<std::uint32_t>());
  }
}

Storage read_layout(File& file, Cursor c) {
  Storage s;
  auto version = c.le<std::uint8_t>();
  if (version < 3) {
    read_old_layout(file, c, s);
  } else if (version <= 5) {
    auto kind = c.le<std::uint8_t>();
    if (kind == 0) {
      s.kind = Storage::Kind::compact;
      s.length = c.le<std::uint16_t>();
      s.place = {c.offset(), s.length, 0, 0, {}};
      c.skip(s.length);
    } else if (kind == 1) {
      read_piece(file, c, s);
    } else if (kind == 2) {
      s.kind = Storage::Kind::chunked;
      if (version == 3) {
        unsigned rank = c.le<std::uint8_t>();
        s.address = file.address(c);
        for (unsigned i = 0; i < rank && c.ok(); ++i) s.chunk.push_back(c.le<std::uint32_t>());
      } else {
        read_chunk_index(file, c, s);
      }
    } else if (kind == 3) {
      s.kind = Storage::Kind::virtual_sources;
      s.address = file.address(c);
      s.list = c.le<std::uint32_t>();
    } else {
      c.fail("a layout that is not known");
    }
  } else {
    c.fail("a version of layouts that is not known");
  }
  if (!c.ok()) s.place = {};
  file.finish(c);
  return s;
}

std::vector<Filter> read_filters(File& file, Cursor c) {
  std::vector<Filter> out;
  auto version = c.le<std::uint8_t>();
  unsigned n = c.le<std::uint8_t>();
  if (version == 1) c.skip(6);
  if (c.ok() && version != 1 && version != 2) c.fail("a version of filters that is not known");
  for (unsigned i = 0; i < n && c.ok(); ++i) {
    Filter f;
    f.id = c.le<std::uint16_t>();
    std::uint64_t length = version == 1 || f.id >= 256 ? c.le<std::uint16_t>() : 0U;
    c.skip(2);
    std::uint64_t values = c.le<std::uint16_t>();
    std::string_view name = c.text(length);
    if (version == 1) c.skip((8 - length % 8) % 8);
    c.skip(4 * (values + (version == 1 ? values % 2 : 0)));
    static constexpr std::string_view known[] = {"",     "deflate", "shuffle",    "fletcher32",
                                                 "szip", "nbit",    "scaleoffset"};
    f.name = f.id < std::size(known) ? std::string(known[f.id])
                                     : std::string(name.substr(0, name.find('\0')).substr(0, 60));
    if (f.name.empty()) f.name = std::to_string(f.id);
    if (c.ok()) out.push_back(std::move(f));
  }
  file.finish(c);
  return out;
}

// Raw files: version, slots, the heap with their names, and per file name, offset and size.
void read_external_files(File& file, Cursor c, std::vector<Source>& out) {
  c.skip(6);  // version, reserved, slots allocated
  std::uint64_t n = c.le<std::uint16_t>(), heap_at = file.address(c);
  file.finish(c);
  if (!c.ok() || heap_at == no_address) return;
  LocalHeap heap(file, heap_at);
  for (std::uint64_t i = 0; i < n && c.ok() && file.sink.next(); ++i) {
    std::uint64_t name = file.length(c);
    file.length(c);
    file.length(c);
    if (c.ok()) out.push_back({std::string(heap.text(name).substr(0, longest_name)), {}});
  }
  file.finish(c);
}

// Passes over an encoded selection: none, points, hyperslab or all.
void skip_selection(Cursor& c) {
  auto type = c.le<std::uint32_t>(), version = c.le<std::uint32_t>();
  if (type == 0 || type == 3) return c.skip(8);
  if (version == 1) {
    c.skip(4);
    return c.skip(c.le<std::uint32_t>());
  }
  unsigned flags = type == 2 ? c.le<std::uint8_t>() : 0U;
  unsigned width = 8;
  if (type == 2 && version == 2)
    c.skip(4);
  else
    width = c.le<std::uint8_t>();
  std::uint64_t rank = c.le<std::uint32_t>();
  if (type > 3 || width > 8 || rank > 32) c.fail("a selection that is not known");
  if (!c.ok()) return;
  if (type == 2 && ((flags & 1U) != 0 || version == 2)) return c.skip(4 * rank * width);
  std::uint64_t n = number(c, width);
  if (n > c.left()) return c.fail("count larger than the input");
  std::uint64_t per = rank * width * (type == 2 ? 2 : 1);
  for (std::uint64_t i = 0; i < n && c.ok(); ++i) c.skip(per);
}

// Names of a virtual source's file and dataset, then what is taken and where it goes. Since version
// 1 a name may be that of an earlier source.
void read_virtual_sources(File& file, Cursor c, std::vector<Source>& out) {
  auto version = c.le<std::uint8_t>();
  std::uint64_t n = file.length(c);
  if (c.ok() && version > 1) c.fail("a version of virtual sources that is not known");
  for (std::uint64_t i = 0; i < n && c.ok() && file.sink.next() && out.size() < most_sources; ++i) {
    Source s;
    unsigned flags = version == 1 ? c.le<std::uint8_t>() : 0U;
    auto name = [&](unsigned bit, bool& same) -> std::string {
      same = (flags & bit) != 0;
      if (same) file.length(c);
      return same ? std::string() : std::string(c.until('\0').substr(0, longest_name));
    };
    bool same_file = false, same_object = false;
    s.file = (flags & 4U) != 0 ? std::string(".") : name(1, same_file);
    s.object = name(2, same_object);
    skip_selection(c);
    skip_selection(c);
    if (!same_file && s.file != ".") out.push_back(std::move(s));
  }
  file.finish(c);
}

}  // namespace

std::optional<std::uint64_t> Dataset::bytes() const {
  auto n = space.count();
  std::uint64_t out = 0;
  if (!n || __builtin_mul_overflow(*n, std::uint64_t{type.size}, &out)) return {};
  return out;
}

bool is_dataset(const std::vector<Message>& header) {
  return std::any_of(header.begin(), header.end(),
                     [](const Message& m) { return m.type == Message::layout; });
}

Dataset read_dataset(File& file, GlobalHeap& heap, const std::vector<Message>& header) {
  Dataset d;
  for (const Message& m : header) {
    if (!file.sink.next()) break;
    Cursor c = m.open(file);
    if (m.type == Message::datatype) d.type = read_datatype(file, c);
    if (m.type == Message::dataspace) d.space = read_dataspace(file, c);
    if (m.type == Message::layout) d.storage = read_layout(file, c);
    if (m.type == Message::filters) d.filters = read_filters(file, c);
    if (m.type == Message::external_files) read_external_files(file, c, d.external);
    if (m.type == Message::datatype || m.type == Message::dataspace) file.finish(c);
  }
  Storage& s = d.storage;
  if (s.kind == Storage::Kind::virtual_sources && s.address != no_address) {
    Cursor list = heap.open(s.address, s.list);
    if (file.spend(list.left())) read_virtual_sources(file, list, d.external);
  }
  if (s.kind == Storage::Kind::contiguous && s.address != no_address && d.external.empty()) {
    Cursor c = file.at(s.address);
    Place place{c.offset(), std::min(s.length, c.left()), 0, 0, {}};
    if (c.ok() && place.length == s.length)
      s.place = std::move(place);
    else
      file.odd("overflow", "a dataset's bytes end behind the file", c.ok() ? place : Place{});
  }
  return d;
}

}  // namespace parapet::hdf5
