#pragma once
// Object headers: a group, dataset or named type is a list of messages, in blocks that continue
// each other. Version 1 has 8-byte message heads, version 2 ("OHDR", "OCHK") 4 or 6.
#include <vector>

#include "formats/hdf5/file.h"

namespace parapet::hdf5 {

struct Message {
  enum Type : std::uint16_t {
    dataspace = 1,
    link_info = 2,
    datatype = 3,
    link = 6,
    external_files = 7,
    layout = 8,
    filters = 11,
    attribute = 12,
    shared_table = 15,
    continuation = 16,
    symbol_table = 17,
    attribute_info = 21,
  };
  std::uint16_t type = 0;
  std::uint8_t flags = 0;
  std::uint64_t offset = 0, length = 0;  // of its body, absolute

  bool shared() const { return (flags & 2U) != 0; }
  // The body; of a shared message the body that it refers to.
  Cursor open(File& file) const;
};

// All messages, those in continuation blocks included. What is wrong is said in the file's sink.
std::vector<Message> read_header(File& file, std::uint64_t address);

// A reference to a message elsewhere: another object's header, or the heap of shared messages.
Cursor open_shared(File& file, Cursor reference, std::uint16_t type);

}  // namespace parapet::hdf5
