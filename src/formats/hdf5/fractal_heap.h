#pragma once
// Fractal heaps and version 2 B-trees: where groups with many links, objects with many or large
// attributes, and shared messages keep them. The tree's records name objects of the heap.
#include <optional>
#include <vector>

#include "formats/hdf5/file.h"

namespace parapet::hdf5 {

// A heap of objects in blocks whose sizes double from row to row.
class FractalHeap {
 public:
  FractalHeap(File& file, std::uint64_t address);
  // The object that an id names; failed when there is none.
  Cursor open(Bytes id);
  unsigned id_length() const { return id_length_; }

 private:
  struct Block {
    std::uint64_t from, size, address;  // offset in the heap, bytes, where in the file
  };
  void read_blocks(std::uint64_t address, unsigned rows, std::uint64_t from, unsigned depth);
  Cursor huge(Cursor id);

  File& file_;
  unsigned id_length_ = 0, width_ = 0, offset_width_ = 0, length_width_ = 0;
  bool filtered_ = false;
  std::uint64_t starting_ = 0, largest_ = 0, huge_tree_ = no_address;
  std::vector<Block> blocks_;  // by `from`
  struct Huge {
    std::uint64_t address, length, id;
  };
  std::optional<std::vector<Huge>> huge_;
};

FractalHeap& heap_at(File& file, std::uint64_t address);

// The records of a version 2 B-tree, leaves and inner nodes alike; views into the file.
struct TreeRecords {
  unsigned type = 0;
  std::vector<Bytes> records;
};
TreeRecords read_tree2(File& file, std::uint64_t address);

// A message in the heap that the superblock's extension names for its type.
Cursor open_in_shared_heap(File& file, Bytes id, std::uint16_t type);

}  // namespace parapet::hdf5
