#pragma once
// The memo: a flat table grown in chunks where it is stored into, and a small map for far indexes,
// so that one PUT with a huge index costs nothing. Bounded: about 128 MiB.
#include <memory>
#include <unordered_map>
#include <vector>

#include "formats/pickle/value.h"

namespace parapet::pickle {

class Memo {
 public:
  // False when the table is full: the value is dropped, a later get gives `unknown`.
  bool put(std::uint64_t index, Value v) {
    if (index >= flat_limit) {
      if (far_.size() >= far_limit && !far_.contains(index)) return full_ = true, false;
      if (far_.insert_or_assign(index, v).second) ++stored_;
      return true;
    }
    std::uint64_t chunk = index / chunk_size;
    if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
    if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<Value[]>(chunk_size);
    Value& slot = chunks_[chunk][index % chunk_size];
    if (slot.is(Kind::absent)) ++stored_;
    slot = v;
    return true;
  }
  Value get(std::uint64_t index) const {
    if (index >= flat_limit) {
      auto it = far_.find(index);
      return it != far_.end() ? it->second : full_ ? anything : Value{};
    }
    std::uint64_t chunk = index / chunk_size;
    if (chunk >= chunks_.size() || !chunks_[chunk]) return {};
    return chunks_[chunk][index % chunk_size];
  }
  // MEMOIZE stores at the number of keys present, not after the highest one.
  std::uint64_t stored() const { return stored_; }
  bool full() const { return full_; }

 private:
  static constexpr std::uint64_t chunk_size = 1U << 10U, flat_limit = 1U << 24U,
                                 far_limit = 1U << 14U;
  std::vector<std::unique_ptr<Value[]>> chunks_;
  std::unordered_map<std::uint64_t, Value> far_;
  std::uint64_t stored_ = 0;
  bool full_ = false;
};

}  // namespace parapet::pickle
