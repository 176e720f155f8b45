// The indexes of chunks. Old files have a B-tree of version 1; since 1.10 it depends on how a
// dataset may grow: one chunk, all in a row, an array of fixed length, one that grows, or a B-tree
// of version 2.
#include <algorithm>
#include <bit>

#include "formats/hdf5/dataset.h"
#include "formats/hdf5/fractal_heap.h"

namespace parapet::hdf5 {
namespace {

constexpr unsigned most_levels = 32;

unsigned log2_of(std::uint64_t n) {
  return n < 2 ? 0U : static_cast<unsigned>(std::bit_width(n)) - 1U;
}

class Chunks {
 public:
  Chunks(File& file, const Dataset& d) : file_(file), d_(d) {
    for (std::uint32_t n : d.storage.chunk)
      if (__builtin_mul_overflow(unpacked_, std::uint64_t{n}, &unpacked_)) unpacked_ = ~0ULL;
  }

  std::vector<Chunk> run() {
    const Storage& s = d_.storage;
    if (s.address == no_address || s.chunk.empty()) return {};
    switch (s.index) {
      case Storage::Index::tree:
        tree(s.address, 0);
        break;
      case Storage::Index::single:
        add(0, s.address, s.filtered_single ? s.length : unpacked_, 0);
        break;
      case Storage::Index::implicit:
        add(0, s.address, d_.bytes().value_or(0), 0);
        break;
      case Storage::Index::fixed_array:
        fixed_array(s.address);
        break;
      case Storage::Index::extensible_array:
        extensible_array(s.address);
        break;
      case Storage::Index::tree2:
        tree2(s.address);
        break;
    }
    std::stable_sort(out_.begin(), out_.end(),
                     [](const Chunk& a, const Chunk& b) { return a.first < b.first; });
    return std::move(out_);
  }

 private:
  void add(std::uint64_t first, std::uint64_t address, std::uint64_t length, std::uint32_t mask) {
    Cursor c = file_.at(address);
    if (c.ok() && length > c.left()) c.fail("a chunk outside the file");
    if (c.ok())
      out_.push_back({first, c.offset(), length, mask});
    else
      file_.finish(c);
  }

  void tree(std::uint64_t address, unsigned depth) {
    std::size_t rank = d_.storage.chunk.size();  // with the element's size
    Cursor c = file_.at(address);
    if (c.text(4) != "TREE" || c.le<std::uint8_t>() != 1) c.fail("not a tree of chunks");
    unsigned level = c.le<std::uint8_t>();
    unsigned n = c.le<std::uint16_t>();
    file_.address(c);
    file_.address(c);
    if (depth > most_levels) c.fail("a tree of chunks that is too deep");
    for (unsigned i = 0; i < n && c.ok() && more(8 * rank + 16); ++i) {
      std::uint64_t length = c.le<std::uint32_t>();
      auto mask = c.le<std::uint32_t>();
      auto first = c.le<std::uint64_t>();
      c.skip(8 * (rank - 1));
      std::uint64_t child = file_.address(c);
      if (!c.ok()) break;
      if (level > 0)
        tree(child, depth + 1);
      else
        add(first, child, length, mask);
    }
    file_.finish(c);
  }

  bool more(std::uint64_t bytes) { return file_.sink.next() && file_.spend(bytes); }

  // One element of an array: address, and where there are filters the stored length and a mask.
  void element(Cursor& c) {
    std::uint64_t address = file_.address(c), length = unpacked_;
    std::uint32_t mask = 0;
    if (filtered_) {
      length = number(c, element_size_ - file_.address_size - 4);
      mask = c.le<std::uint32_t>();
    }
    if (c.ok() && address != no_address) add(count_, address, length, mask);
    ++count_;
  }

  void elements(Cursor& c, std::uint64_t n) {
    for (std::uint64_t i = 0; i < n && c.ok() && more(element_size_); ++i) element(c);
  }

  // Pages have a checksum behind each; what was never written is left out of the bitmap.
  void pages(Cursor& c, std::uint64_t n, std::uint64_t per_page, Bytes bitmap) {
    for (std::uint64_t page = 0; n > 0 && c.ok() && more(4); ++page) {
      std::uint64_t here = std::min(n, per_page);
      auto byte = page / 8 < bitmap.size() ? std::to_integer<unsigned>(bitmap[page / 8]) : 0xFFU;
      if ((byte & 0x80U >> page % 8) != 0) {
        elements(c, here);
      } else {
        c.skip(here * element_size_);
        count_ += here;
      }
      c.skip(4);
      n -= here;
    }
  }

  // Signature, version, and whether chunks are filtered; then the header's address except in
  // headers.
  Cursor block(std::uint64_t address, std::string_view signature, bool header = false) {
    Cursor c = file_.at(address);
    if (c.text(4) != signature || c.le<std::uint8_t>() != 0) c.fail("not an array of chunks");
    filtered_ = c.le<std::uint8_t>() == 1;
    if (!header) return file_.address(c), c;
    element_size_ = c.le<std::uint8_t>();
    unsigned least = file_.address_size + (filtered_ ? 5U : 0U);
    if (c.ok() && (element_size_ < least || element_size_ > least + 7))
      c.fail("an array of chunks with impossible sizes");
    return c;
  }

  void fixed_array(std::uint64_t address) {
    Cursor c = block(address, "FAHD", true);
    unsigned bits = c.le<std::uint8_t>();
    std::uint64_t n = file_.length(c), data = file_.address(c);
    file_.finish(c);
    if (!c.ok() || data == no_address || bits > 32) return;
    Cursor d = block(data, "FADB");
    std::uint64_t per_page = 1ULL << bits;
    if (n > d.left() / element_size_) d.fail("count larger than the input");
    if (d.ok() && n > per_page) {
      Bytes bitmap = d.take(((n + per_page - 1) / per_page + 7) / 8);
      d.skip(4);
      pages(d, n, per_page, bitmap);
    } else {
      elements(d, n);
    }
    file_.finish(d);
  }

  struct Growing {
    unsigned offset_width = 0;
    std::uint64_t per_page = 0, least = 0;  // elements: of a page, of the smallest data block
  };

  // Super block `u` stands for 2^(u/2) data blocks of 2^((u+1)/2) times the least size.
  static std::uint64_t block_elements(const Growing& g, unsigned u) {
    return g.least << std::min((u + 1) / 2, 40U);
  }

  void data_block(const Growing& g, std::uint64_t address, std::uint64_t n, Bytes bitmap) {
    if (address == no_address) {
      count_ += n;
      return;
    }
    Cursor c = block(address, "EADB");
    c.skip(g.offset_width);
    if (n > g.per_page) {
      c.skip(4);
      pages(c, n, g.per_page, bitmap);
    } else {
      elements(c, n);
    }
    file_.finish(c);
  }

  void extensible_array(std::uint64_t address) {
    Cursor c = block(address, "EAHD", true);
    unsigned bits = c.le<std::uint8_t>(), direct = c.le<std::uint8_t>();
    Growing g;
    g.offset_width = (bits + 7) / 8;
    g.least = c.le<std::uint8_t>();
    unsigned pointers = c.le<std::uint8_t>();
    unsigned page_bits = c.le<std::uint8_t>();
    g.per_page = 1ULL << std::min(page_bits, 40U);
    for (int i = 0; i < 6; ++i) file_.length(c);
    std::uint64_t index = file_.address(c);
    if (c.ok() && (!std::has_single_bit(g.least) || !std::has_single_bit(pointers) || bits > 64 ||
                   bits < log2_of(g.least)))
      c.fail("an array of chunks with impossible sizes");
    file_.finish(c);
    if (!c.ok() || index == no_address) return;
    unsigned supers = 1 + bits - log2_of(g.least), first_super = 2 * log2_of(pointers);
    Cursor d = block(index, "EAIB");
    elements(d, direct);
    for (unsigned u = 0; u < first_super && u < supers && d.ok(); ++u)
      for (std::uint64_t i = 0; i < 1ULL << u / 2 && d.ok() && more(8); ++i)
        data_block(g, file_.address(d), block_elements(g, u), {});
    for (unsigned u = first_super; u < supers && d.ok() && more(8); ++u)
      super_block(g, file_.address(d), u);
    file_.finish(d);
  }

  void super_block(const Growing& g, std::uint64_t address, unsigned u) {
    std::uint64_t blocks = 1ULL << std::min(u / 2, 40U), n = block_elements(g, u);
    if (address == no_address) {
      count_ += blocks * n;
      return;
    }
    Cursor c = block(address, "EASB");
    c.skip(g.offset_width);
    std::uint64_t bitmap = n > g.per_page ? (n / g.per_page + 7) / 8 : 0;
    if (blocks > c.left() / (bitmap + file_.address_size)) c.fail("count larger than the input");
    if (!c.ok()) return file_.finish(c);
    Bytes bitmaps = c.take(blocks * bitmap);
    for (std::uint64_t i = 0; i < blocks && c.ok() && more(8); ++i)
      data_block(g, file_.address(c), n, bitmaps.subspan(i * bitmap, bitmap));
    file_.finish(c);
  }

  // Records: address, where there are filters length and mask, and the chunk's place by dimension.
  void tree2(std::uint64_t address) {
    TreeRecords t = read_tree2(file_, address);
    std::uint64_t place = 8 * (d_.storage.chunk.size() - 1);
    for (Bytes r : t.records) {
      Cursor c(r);
      std::uint64_t at = file_.address(c), length = unpacked_;
      std::uint32_t mask = 0;
      if (t.type == 11 && r.size() > file_.address_size + 4 + place) {
        length = number(c, static_cast<unsigned>(r.size() - file_.address_size - 4 - place) & 15U);
        mask = c.le<std::uint32_t>();
      }
      auto first = c.le<std::uint64_t>();
      if (c.ok()) add(first, at, length, mask);
    }
  }

  File& file_;
  const Dataset& d_;
  std::vector<Chunk> out_;
  std::uint64_t unpacked_ = 1, count_ = 0;  // bytes of a chunk; elements of an array passed
  unsigned element_size_ = 0;
  bool filtered_ = false;
};

}  // namespace

std::vector<Chunk> read_chunks(File& file, const Dataset& d) { return Chunks(file, d).run(); }

}  // namespace parapet::hdf5
