#pragma once
// A dataset: its type and shape, and where its bytes are: in its header, in one piece, in chunks,
// in other files, or put together from other datasets.
#include <optional>
#include <string>
#include <vector>

#include "formats/hdf5/heap.h"
#include "formats/hdf5/types.h"

namespace parapet::hdf5 {

struct Storage {
  enum class Kind : std::uint8_t { none, compact, contiguous, chunked, virtual_sources };
  // How chunks are found; the numbers are the format's own.
  enum class Index : std::uint8_t { tree, single, implicit, fixed_array, extensible_array, tree2 };
  Kind kind = Kind::none;
  Index index = Index::tree;
  Place place;                         // compact and contiguous: the bytes, when they are there
  std::uint64_t address = no_address;  // of a chunk index, or of the list of virtual sources
  std::uint64_t length = 0;            // contiguous: as declared; a single filtered chunk: stored
  std::uint32_t list = 0;              // virtual: index in the global heap
  std::vector<std::uint32_t> chunk;    // elements of one chunk, then bytes of an element
  bool filtered_single = false;
};

struct Filter {
  unsigned id = 0;
  std::string name;
};

struct Source {
  std::string file, object;
};

struct Dataset {
  Datatype type;
  Dataspace space;
  Storage storage;
  std::vector<Filter> filters;
  std::vector<Source> external;  // raw files, and files of virtual sources

  std::optional<std::uint64_t> bytes() const;  // of all elements, unpacked
};

bool is_dataset(const std::vector<Message>& header);
Dataset read_dataset(File& file, GlobalHeap& heap, const std::vector<Message>& header);

struct Chunk {
  std::uint64_t first = 0;  // where it stands among the others
  std::uint64_t offset = 0, length = 0;
  std::uint32_t mask = 0;  // filters that were left out
};
// In the order of the first dimension.
std::vector<Chunk> read_chunks(File& file, const Dataset& dataset);

}  // namespace parapet::hdf5
