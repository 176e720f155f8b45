#pragma once
// A pack of git objects and its index: gitformat-pack(5). The index (versions 1 and 2) lists the
// ids in order with the offset of each object in the pack; an object is a type and a size, then a
// zlib stream of its content, or of a delta against another object.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/git/object_id.h"
#include "io/mapped_file.h"

namespace parapet::git {

enum class Type : std::uint8_t { unknown, commit, tree, blob, tag };

// An object as it stands in the pack.
struct PackedObject {
  std::uint64_t size = 0;  // of what the stream holds, as declared: content, or the delta
  Type type = Type::unknown;
  bool is_delta = false;
  std::optional<ObjectId> base_id;           // REF_DELTA
  std::optional<std::uint64_t> base_offset;  // OFS_DELTA, in this pack
  Bytes packed;                              // the zlib stream, and no byte of the next object
};

struct PackEntry {
  std::uint64_t offset = 0;
  std::uint32_t rank = 0;  // in the index: Pack::id
  Type type = Type::unknown;
  bool is_base = false;  // of a delta in this pack
};

class Pack {
 public:
  // The error says which of the two files could not be read, or what is wrong with it.
  static Result<Pack> open(const std::string& index_path, const std::string& pack_path);

  // By offset: the order to read them in.
  const std::vector<PackEntry>& entries() const { return entries_; }
  ObjectId id(const PackEntry& e) const {
    return ObjectId::of(ids_.subspan(e.rank * stride_ + skip_, ObjectId::size));
  }
  // Index into entries().
  std::optional<std::size_t> find(const ObjectId&) const;
  std::optional<std::size_t> at_offset(std::uint64_t offset) const;

  // Nothing when the header cannot be: a type that does not exist, a size of more than 64 bits, a
  // base in front of the pack.
  std::optional<PackedObject> object(std::size_t entry) const;

  // Follows deltas to the type that they stand for; what cannot be told stays unknown.
  void settle_types();

  const std::string& problem() const { return problem_; }  // of single entries; empty: none

 private:
  static constexpr std::uint32_t no_entry = ~std::uint32_t{0};
  Result<int> read_index(Bytes index);

  OpenFile index_, pack_;
  Bytes ids_;                // of the index
  std::size_t stride_ = 20;  // version 1 has the offset between the ids
  std::size_t skip_ = 0;
  std::vector<std::uint32_t> fanout_;
  std::vector<PackEntry> entries_;
  std::vector<std::uint32_t> by_rank_;  // entry of a rank, or no_entry
  std::string problem_;
};

// The object that `delta` makes of `base`: copies of ranges, and bytes of its own. Nothing when it
// reaches outside of the base or does not make what it declares. `limit` is in bytes.
std::optional<std::string> apply_delta(Bytes base, Bytes delta, std::uint64_t limit);

// Content of a zlib stream of known size, in one go; nothing when the stream is broken or the size
// is a lie.
std::optional<std::string> inflate_exactly(Bytes packed, std::uint64_t size);

}  // namespace parapet::git
