#pragma once
// The global heap: collections ("GCOL") of the bytes of variable-length elements, which are never
// compressed and always lie here, however the dataset that refers to them is stored.
#include <functional>
#include <list>
#include <vector>

#include "formats/hdf5/file.h"

namespace parapet::hdf5 {

class GlobalHeap {
 public:
  explicit GlobalHeap(File& file) : file_(file) {}

  // The object that a variable-length element names (length, collection, index); `c` stands at it.
  // Failed when it is not there.
  Cursor open(Cursor& c);
  Cursor open(std::uint64_t collection, std::uint32_t index);
  // Every object of every collection, wherever in the file it stands.
  void each(const std::function<void(Cursor)>& found);

 private:
  struct Object {
    std::uint32_t index;
    std::uint64_t offset, length;  // absolute
  };
  struct Collection {
    std::uint64_t address = no_address;
    std::vector<Object> objects;  // by index
  };
  Collection read(std::uint64_t address);

  File& file_;
  std::list<Collection> recent_;  // the newest first
};

}  // namespace parapet::hdf5
