#pragma once
// The links of a group, in the three ways that HDF5 keeps them: a symbol table (B-tree version 1
// and local heap), link messages in the header, and link messages in a fractal heap.
#include <functional>
#include <string>
#include <vector>

#include "formats/hdf5/header.h"

namespace parapet::hdf5 {

struct Link {
  enum class Kind : std::uint8_t { hard, soft, external, other };
  Kind kind = Kind::hard;
  std::string name;
  std::uint64_t address = no_address;  // hard: an object header
  std::string file, target;            // external: another file; soft and external: a path
  Place place;
};

bool is_group(const std::vector<Message>& header);
void read_links(File& file, const std::vector<Message>& header,
                const std::function<void(Link&&)>& found);

// A zero-terminated text in a local heap.
class LocalHeap {
 public:
  LocalHeap(File& file, std::uint64_t address);
  std::string_view text(std::uint64_t offset) const;

 private:
  std::string_view data_;
};

}  // namespace parapet::hdf5
