#include "formats/hdf5/fractal_heap.h"

#include <algorithm>
#include <bit>
#include <string>

namespace parapet::hdf5 {
namespace {

constexpr unsigned most_levels = 32;  // of indirect blocks, or of a tree

unsigned log2_of(std::uint64_t n) {
  return n == 0 ? 0U : static_cast<unsigned>(std::bit_width(n)) - 1U;
}
bool is_power(std::uint64_t n) { return std::has_single_bit(n); }

}  // namespace

FractalHeap::FractalHeap(File& file, std::uint64_t address) : file_(file) {
  Cursor c = file.at(address);
  if (c.text(4) != "FRHP" || c.le<std::uint8_t>() != 0) c.fail("not a fractal heap");
  id_length_ = c.le<std::uint16_t>();
  filtered_ = c.le<std::uint16_t>() != 0;
  c.skip(1);
  auto largest_object = c.le<std::uint32_t>();
  file.length(c);  // the next huge object's id
  huge_tree_ = file.address(c);
  file.length(c);  // free space
  file.address(c);
  for (int i = 0; i < 8; ++i) file.length(c);  // space and counts: the blocks say it themselves
  width_ = c.le<std::uint16_t>();
  starting_ = file.length(c);
  largest_ = file.length(c);
  unsigned bits = c.le<std::uint16_t>();
  c.skip(2);
  std::uint64_t root = file.address(c);
  unsigned rows = c.le<std::uint16_t>();
  offset_width_ = (bits + 7) / 8;
  length_width_ = std::min((log2_of(largest_) + 7) / 8, width_of(largest_object));
  if (c.ok() && (!is_power(starting_) || !is_power(largest_) || largest_ < starting_ ||
                 !is_power(width_) || bits > 64 || rows > 64 + most_levels))
    c.fail("a fractal heap with impossible sizes");
  file.finish(c);
  if (!c.ok() || root == no_address) return;
  if (filtered_)
    file.sink.partly("a fractal heap whose blocks are compressed");
  else if (rows == 0)
    blocks_.push_back({0, starting_, root});
  else
    read_blocks(root, rows, 0, 0);
  std::sort(blocks_.begin(), blocks_.end(),
            [](const Block& a, const Block& b) { return a.from < b.from; });
}

// Rows 0 and 1 hold blocks of the starting size, each row after them blocks of twice the size;
// above the largest size they are indirect blocks, as this one is.
void FractalHeap::read_blocks(std::uint64_t address, unsigned rows, std::uint64_t from,
                              unsigned depth) {
  Cursor c = file_.at(address);
  if (c.text(4) != "FHIB") c.fail("not an indirect block");
  if (depth >= most_levels) c.fail("indirect blocks in a ring");
  c.skip(1 + file_.address_size + offset_width_);
  unsigned first_bits = log2_of(starting_) + log2_of(width_);
  for (unsigned row = 0; row < rows && c.ok(); ++row) {
    std::uint64_t size = row < 2 ? starting_ : starting_ << std::min(row - 1, 62U);
    if (!file_.spend(width_ * std::uint64_t{file_.address_size})) return;
    for (unsigned i = 0; i < width_ && c.ok() && file_.sink.next(); ++i, from += size) {
      std::uint64_t child = file_.address(c);
      if (child == no_address || !c.ok()) continue;
      if (size <= largest_)
        blocks_.push_back({from, size, child});
      else if (log2_of(size) >= first_bits)
        read_blocks(child, log2_of(size) - first_bits + 1, from, depth + 1);
    }
  }
  file_.finish(c);
}

Cursor FractalHeap::open(Bytes bytes) {
  Cursor id(bytes);
  auto kind = id.le<std::uint8_t>();
  Cursor out(Bytes{});
  if ((kind & 0x30U) == 0x10U) return huge(id);
  if ((kind & 0x30U) == 0x20U) {  // so small that it stands in the id
    std::uint64_t n = (kind & 0xFU) + 1U;
    return Cursor(id.take(n),
                  static_cast<std::uint64_t>(bytes.data() - file_.artifact.bytes.data()) + 1);
  }
  std::uint64_t offset = number(id, offset_width_), length = number(id, length_width_);
  auto after = std::upper_bound(blocks_.begin(), blocks_.end(), offset,
                                [](std::uint64_t n, const Block& b) { return n < b.from; });
  if (!id.ok() || after == blocks_.begin() || offset - (after - 1)->from >= (after - 1)->size) {
    out.fail("an object that no block of its heap holds");
    return out;
  }
  const Block& b = *(after - 1);
  std::uint64_t within = offset - b.from;
  Cursor c = file_.at(b.address);
  c.skip(within);
  return length <= b.size - within ? c.sub(length) : c.sub(~std::uint64_t{0});
}

// Objects too large for a block stand in the file by themselves; a tree (or the id itself, where it
// is long enough) says where.
Cursor FractalHeap::huge(Cursor id) {
  if (filtered_) id.fail("a compressed object in a heap");
  if (id.left() >= file_.address_size + file_.length_size) {
    std::uint64_t address = file_.address(id), length = file_.length(id);
    Cursor c = file_.at(address);
    return c.sub(length);
  }
  if (!huge_) {
    huge_.emplace();
    if (huge_tree_ != no_address)
      for (Bytes r : read_tree2(file_, huge_tree_).records) {
        Cursor c(r);
        Huge h{file_.address(c), file_.length(c), 0};
        h.id = file_.length(c);
        if (c.ok()) huge_->push_back(h);
      }
    std::sort(huge_->begin(), huge_->end(),
              [](const Huge& a, const Huge& b) { return a.id < b.id; });
  }
  std::uint64_t wanted = number(id, static_cast<unsigned>(std::min<std::uint64_t>(8, id.left())));
  auto h = std::lower_bound(huge_->begin(), huge_->end(), wanted,
                            [](const Huge& a, std::uint64_t n) { return a.id < n; });
  if (!id.ok() || h == huge_->end() || h->id != wanted) {
    id.fail("a huge object that is not there");
    return id;
  }
  Cursor c = file_.at(h->address);
  return c.sub(h->length);
}

FractalHeap& heap_at(File& file, std::uint64_t address) {
  auto& heap = file.heaps[address];
  if (heap == nullptr) heap = std::make_shared<FractalHeap>(file, address);
  return *heap;
}

namespace {

struct Tree2 {
  unsigned type = 0, record = 0;
  std::uint64_t node = 0;
  std::vector<std::uint64_t> most;  // records below a node of that level
  unsigned count_width = 0;         // of a child's number of records
};

// Inner nodes: records, then for each child its address, its number of records and, above the
// leaves' parents, the number of all records below it.
void read_node(File& file, const Tree2& t, std::uint64_t address, std::uint64_t count,
               unsigned level, TreeRecords& out) {
  Cursor c = file.at(address);
  if (c.text(4) != (level == 0 ? "BTLF" : "BTIN")) c.fail("not a node of a tree");
  c.skip(2);
  if (count > c.left() / t.record) c.fail("count larger than the input");
  if (!file.spend(std::max(t.node, count * t.record))) return;
  Cursor own = c.sub(c.ok() ? count * t.record : 0);
  // In the order of the keys: what is below a record comes in front of it.
  for (std::uint64_t i = 0; i <= count && c.ok() && file.sink.next(); ++i) {
    if (level > 0) {
      std::uint64_t child = file.address(c), records = number(c, t.count_width);
      if (level > 1) number(c, width_of(t.most[level - 1]));
      if (c.ok()) read_node(file, t, child, records, level - 1, out);
    }
    if (i < count && c.ok()) out.records.push_back(own.take(t.record));
  }
  file.finish(c);
}

}  // namespace

TreeRecords read_tree2(File& file, std::uint64_t address) {
  TreeRecords out;
  Tree2 t;
  Cursor c = file.at(address);
  if (c.text(4) != "BTHD" || c.le<std::uint8_t>() != 0) c.fail("not a version 2 tree");
  out.type = t.type = c.le<std::uint8_t>();
  t.node = c.le<std::uint32_t>();
  t.record = c.le<std::uint16_t>();
  unsigned depth = c.le<std::uint16_t>();
  c.skip(2);
  std::uint64_t root = file.address(c), count = c.le<std::uint16_t>();
  if (c.ok() && (t.record == 0 || t.node < 10U + t.record || depth > most_levels))
    c.fail("a tree with impossible sizes");
  if (c.ok()) {
    std::uint64_t in_leaf = (t.node - 10U) / t.record;
    t.count_width = width_of(in_leaf);
    t.most.push_back(in_leaf);
    for (unsigned level = 1; level <= depth; ++level) {
      std::uint64_t pointer =
          file.address_size + t.count_width + (level > 1 ? width_of(t.most.back()) : 0U);
      std::uint64_t here =
          t.node > 10U + pointer ? (t.node - 10U - pointer) / (t.record + pointer) : 0;
      std::uint64_t below = 0;
      if (__builtin_mul_overflow(here + 1, t.most.back(), &below)) below = ~0ULL >> 1U;
      t.most.push_back(below + here);
    }
    if (root != no_address) read_node(file, t, root, count, depth, out);
  }
  file.finish(c);
  return out;
}

// "SMTB": one record an index: version, type of the index, bits of the message types that it holds,
// limits, and the addresses of the index and of the heap.
Cursor open_in_shared_heap(File& file, Bytes id, std::uint16_t type) {
  Cursor c = file.shared_messages == no_address ? Cursor(Bytes{}) : file.at(file.shared_messages);
  if (c.text(4) != "SMTB") c.fail("a shared message without a table");
  for (unsigned i = 0; i < file.shared_heaps && c.ok(); ++i) {
    c.skip(2);
    unsigned types = c.le<std::uint16_t>();
    c.skip(4 + 2 + 2 + 2);  // least size, two limits, number of messages
    file.address(c);
    std::uint64_t heap = file.address(c);
    if (c.ok() && type < 16 && (types >> type & 1U) != 0) return heap_at(file, heap).open(id);
  }
  if (c.ok()) c.fail("a shared message without a heap");
  return c;
}

}  // namespace parapet::hdf5
