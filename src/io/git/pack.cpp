#include "io/git/pack.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "base/cursor.h"

namespace parapet::git {
namespace {

constexpr std::uint64_t trailer = 20;  // the SHA-1 of all before it
constexpr unsigned longest_chain = 4096;

// 7 bits a byte, lowest first, the top bit says that more follow.
std::uint64_t varint(Cursor& c) {
  std::uint64_t v = 0;
  for (unsigned shift = 0; c.ok(); shift += 7) {
    auto b = c.le<std::uint8_t>();
    if (shift > 56) {
      c.fail("a size of more than 63 bits");
      return 0;
    }
    v |= std::uint64_t{b & 0x7FU} << shift;
    if ((b & 0x80U) == 0) break;
  }
  return v;
}

// The distance to the base of an OFS_DELTA: 7 bits a byte, highest first, each further byte counts
// from one.
std::uint64_t distance(Cursor& c) {
  auto b = c.le<std::uint8_t>();
  std::uint64_t v = b & 0x7FU;
  while (c.ok() && (b & 0x80U) != 0) {
    if (v >> 55U != 0) {
      c.fail("an offset of more than 63 bits");
      return 0;
    }
    b = c.le<std::uint8_t>();
    v = (v + 1) << 7U | (b & 0x7FU);
  }
  return v;
}

}  // namespace

Result<Pack> Pack::open(const std::string& index_path, const std::string& pack_path) {
  Pack p;
  p.index_ = TRY(open_file(index_path));
  p.pack_ = TRY(open_file(pack_path));
  Cursor c(p.pack_.bytes);
  std::string_view mark = c.text(4);
  auto version = c.be<std::uint32_t>();
  if (!c.ok() || mark != "PACK" || version < 2 || version > 3)
    return Fail(Error{"read " + pack_path, "is no pack of version 2 or 3"});
  auto read = p.read_index(p.index_.bytes);
  if (!read) return Fail(Error{"read " + index_path, read.error().cause});
  return p;
}

Result<int> Pack::read_index(Bytes index) {
  Cursor c(index);
  bool second = as_text(c.peek(4)) == "\xfftOc";
  if (second) {
    c.skip(4);
    if (c.be<std::uint32_t>() != 2) return Fail(Error{"", "is an index of an unknown version"});
  }
  fanout_.resize(256);
  for (std::uint32_t& n : fanout_) n = c.be<std::uint32_t>();
  if (!c.ok() || !std::is_sorted(fanout_.begin(), fanout_.end()))
    return Fail(Error{"", "its table of counts is broken"});
  std::uint64_t count = fanout_[255];
  std::uint64_t size = pack_.bytes.size();
  Bytes large;
  Cursor offsets = c;
  if (second) {
    ids_ = c.take(count * ObjectId::size);
    c.skip(count * 4);  // CRC-32 of what is packed
    offsets = c.sub(count * 4);
    if (c.left() >= 2 * trailer) large = c.take(c.left() - 2 * trailer);
  } else {
    stride_ = 24;
    skip_ = 4;
    ids_ = c.take(count * stride_);
    offsets = Cursor(ids_);
  }
  if (!c.ok()) return Fail(Error{"", "is shorter than the number of its objects asks for"});
  entries_.reserve(count);
  std::uint64_t outside = 0;
  for (std::uint32_t rank = 0; rank < count; ++rank) {
    std::uint64_t offset = offsets.be<std::uint32_t>();
    if (second && offset >> 31U != 0) {
      Cursor eight(large);
      eight.seek((offset & 0x7FFFFFFFU) * 8);
      offset = eight.be<std::uint64_t>();
      if (!eight.ok()) offset = ~std::uint64_t{0};
    } else if (!second) {
      offsets.skip(ObjectId::size);
    }
    if (offset < 12 || size < trailer || offset >= size - trailer)
      ++outside;
    else
      entries_.push_back({offset, rank, Type::unknown, false});
  }
  if (outside != 0) problem_ = std::to_string(outside) + " objects lie outside of the pack";
  std::sort(entries_.begin(), entries_.end(),
            [](const PackEntry& a, const PackEntry& b) { return a.offset < b.offset; });
  by_rank_.assign(count, no_entry);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    by_rank_[entries_[i].rank] = static_cast<std::uint32_t>(i);
  return 0;
}

std::optional<std::size_t> Pack::at_offset(std::uint64_t offset) const {
  auto at = std::lower_bound(entries_.begin(), entries_.end(), offset,
                             [](const PackEntry& e, std::uint64_t o) { return e.offset < o; });
  if (at == entries_.end() || at->offset != offset) return {};
  return static_cast<std::size_t>(at - entries_.begin());
}

std::optional<std::size_t> Pack::find(const ObjectId& id) const {
  auto first = std::to_integer<std::size_t>(id.bytes[0]);
  std::uint32_t low = first == 0 ? 0 : fanout_[first - 1];
  std::uint32_t high = fanout_[first];
  while (low < high) {
    std::uint32_t middle = low + (high - low) / 2;
    auto order = ObjectId::of(ids_.subspan(middle * stride_ + skip_, ObjectId::size)) <=> id;
    if (order == std::strong_ordering::equal) {
      if (by_rank_[middle] == no_entry) return {};
      return by_rank_[middle];
    }
    if (order == std::strong_ordering::less)
      low = middle + 1;
    else
      high = middle;
  }
  return {};
}

std::optional<PackedObject> Pack::object(std::size_t entry) const {
  std::uint64_t start = entries_[entry].offset;
  // Up to the next object that starts behind this one: two entries may name one offset.
  std::uint64_t end = pack_.bytes.size() - trailer;
  for (std::size_t i = entry + 1; i < entries_.size(); ++i)
    if (entries_[i].offset != start) {
      end = entries_[i].offset;
      break;
    }
  Cursor c(pack_.bytes.subspan(start, end - start), start);
  auto first = c.le<std::uint8_t>();
  PackedObject o;
  o.size = first & 15U;
  if ((first & 0x80U) != 0) {
    std::uint64_t more = varint(c);
    if (more >> 59U != 0) return {};
    o.size |= more << 4U;
  }
  switch (first >> 4U & 7U) {
    case 1:
      o.type = Type::commit;
      break;
    case 2:
      o.type = Type::tree;
      break;
    case 3:
      o.type = Type::blob;
      break;
    case 4:
      o.type = Type::tag;
      break;
    case 6: {
      std::uint64_t back = distance(c);
      if (!c.ok() || back == 0 || back > start) return {};
      o.is_delta = true;
      o.base_offset = start - back;
      break;
    }
    case 7:
      o.is_delta = true;
      o.base_id = ObjectId::of(c.take(ObjectId::size));
      break;
    default:
      return {};
  }
  if (!c.ok()) return {};
  o.packed = c.take(c.left());
  return o;
}

void Pack::settle_types() {
  std::uint64_t broken = 0;
  std::vector<std::uint32_t> base_of(entries_.size(), no_entry);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto o = object(i);
    if (!o) {
      ++broken;
      continue;
    }
    entries_[i].type = o->type;
    if (!o->is_delta) continue;
    auto base = o->base_offset ? at_offset(*o->base_offset) : find(*o->base_id);
    if (!base) continue;
    base_of[i] = static_cast<std::uint32_t>(*base);
    entries_[*base].is_base = true;
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t at = i;
    unsigned length = 0;
    while (entries_[at].type == Type::unknown && base_of[at] != no_entry &&
           ++length <= longest_chain)
      at = base_of[at];
    // All on the way are of the type that the chain ends in.
    Type type = entries_[at].type;
    for (std::size_t on = i; on != at && entries_[on].type == Type::unknown; on = base_of[on])
      entries_[on].type = type;
  }
  if (broken == 0) return;
  if (!problem_.empty()) problem_ += "; ";
  problem_ += std::to_string(broken) + " objects have no readable header";
}

std::optional<std::string> apply_delta(Bytes base, Bytes delta, std::uint64_t limit) {
  Cursor c(delta);
  std::uint64_t from = varint(c);
  std::uint64_t to = varint(c);
  if (!c.ok() || from != base.size() || to > limit) return {};
  std::string out;
  out.reserve(to);
  while (c.ok() && c.left() != 0) {
    auto op = c.le<std::uint8_t>();
    if ((op & 0x80U) == 0) {  // the next 1 to 127 bytes
      if (op == 0 || op > to - out.size()) return {};
      out += c.text(op);
      continue;
    }
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    for (unsigned i = 0; i < 4; ++i)
      if ((op >> i & 1U) != 0) offset |= std::uint64_t{c.le<std::uint8_t>()} << 8 * i;
    for (unsigned i = 0; i < 3; ++i)
      if ((op >> (4 + i) & 1U) != 0) size |= std::uint64_t{c.le<std::uint8_t>()} << 8 * i;
    if (size == 0) size = 0x10000;
    if (offset > base.size() || size > base.size() - offset || size > to - out.size()) return {};
    out += as_text(base.subspan(offset, size));
  }
  if (!c.ok() || out.size() != to) return {};
  return out;
}

std::optional<std::string> inflate_exactly(Bytes packed, std::uint64_t size) {
  struct Free {
    void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
  };
  thread_local std::unique_ptr<libdeflate_decompressor, Free> decompressor(
      libdeflate_alloc_decompressor());
  // A lie about the size must not cost memory: zlib makes at most 1,032 bytes of one.
  if (!decompressor || size > packed.size() * 1032 + 64) return {};
  std::string out(size, '\0');
  std::size_t used = 0;
  auto result = libdeflate_zlib_decompress_ex(decompressor.get(), packed.data(), packed.size(),
                                              out.data(), out.size(), &used, nullptr);
  if (result != LIBDEFLATE_SUCCESS) return {};
  return out;
}

}  // namespace parapet::git
