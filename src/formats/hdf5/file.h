#pragma once
// One HDF5 file while it is read: where its addresses count from, how wide they are, and what was
// read before. Level 0 of the specification.
// https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t4.html
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/cursor.h"
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::hdf5 {

class FractalHeap;

inline constexpr std::uint64_t no_address = ~std::uint64_t{0};
inline constexpr std::string_view signature{"\x89HDF\r\n\x1a\n", 8};

struct File {
  File(const Artifact& a, Sink& s) : artifact(a), sink(s) {}

  const Artifact& artifact;
  Sink& sink;
  std::uint64_t base = 0;  // where the superblock stands; addresses count from there
  unsigned address_size = 8, length_size = 8;
  std::uint64_t shared_messages = no_address;  // table of messages kept in heaps of their own
  unsigned shared_heaps = 0;
  // Read once, used by many: heaps by address, and what shared messages refer to.
  std::unordered_map<std::uint64_t, std::shared_ptr<FractalHeap>> heaps;
  struct Part {
    std::uint64_t offset = 0, length = 0;
  };
  std::unordered_map<std::uint64_t, Part> shared_bodies;

  // A cursor at an address, up to the end of the file; failed when it lies outside.
  Cursor at(std::uint64_t address) const;
  std::uint64_t address(Cursor& c) const;  // no_address where the file says "undefined"
  std::uint64_t length(Cursor& c) const;
  // Objects are read once, however many links lead to them.
  bool first_visit(std::uint64_t object) { return visited_.insert(object).second; }
  // Asked before a structure of so many bytes is read. What is read again and again because many
  // objects share it ends after a few times the length of the file.
  bool spend(std::uint64_t bytes);
  // Says what is wrong with one structure; the rest of the file is read all the same.
  void finish(const Cursor& c);
  void odd(std::string_view anomaly, std::string says, Place place);

 private:
  std::unordered_set<std::uint64_t> visited_, troubles_;  // addresses; offsets
  unsigned said_ = 0;
  std::uint64_t spent_ = 0;
};

// An unsigned little-endian number of 0 to 8 bytes.
std::uint64_t number(Cursor& c, unsigned width);
// Bytes that hold numbers up to `most`.
unsigned width_of(std::uint64_t most);

// Where the superblock stands: at 0, 512, 1024 and so on, doubling; no_address when nowhere.
std::uint64_t find_superblock(Bytes bytes);
// Reads the superblock; the address of the root group's object header, or no_address.
std::uint64_t read_superblock(File& file);

}  // namespace parapet::hdf5
