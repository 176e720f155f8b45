#pragma once
// The containers of the abstract machine: rings of a fixed size, so that memory stays flat whatever
// the input. A container keeps a prefix of its elements; one that was overwritten reads as empty
// with `lost` set, which makes a rendering end in "…" and never changes which names are seen.
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "formats/pickle/value.h"

namespace parapet::pickle {

class Heap {
 public:
  static constexpr std::uint32_t max_kept = 48;  // words: 24 pairs of a dict

  struct View {
    std::span<const Value> kept;
    std::uint64_t total = 0;  // elements ever added (a dict: keys and values)
    double weight = 1;        // elements of the fully expanded tree
    bool lost = false;
  };

  std::uint64_t make(std::span<const Value> elements) {
    std::uint64_t id = next_node_++;
    if (nodes_.size() < node_ring) nodes_.emplace_back();
    nodes_[id & (node_ring - 1)] = {};
    add(id, elements);
    return id & id_mask;
  }
  void add(std::uint64_t id, std::span<const Value> elements) {
    Node* n = find(id);
    if (n == nullptr) return;
    for (Value v : elements) n->weight += weight_of(v);
    n->total += elements.size();
    std::size_t extra = std::min<std::size_t>(elements.size(), max_kept - n->kept);
    if (extra == 0) return;
    if (n->kept + extra > n->room || !alive(*n)) {
      std::size_t room =
          std::min<std::size_t>(max_kept, std::max<std::size_t>(n->kept + extra, n->room * 2U));
      if (!alive(*n)) n->kept = 0, n->gap = true;
      std::uint64_t at = allot(room);
      for (std::size_t i = 0; i < n->kept; ++i)
        words_[at % word_ring + i] = words_[n->first % word_ring + i];
      n->first = at;
      n->room = static_cast<std::uint8_t>(room);
    }
    for (std::size_t i = 0; i < extra; ++i)
      words_[n->first % word_ring + n->kept + i] = elements[i];
    n->kept = static_cast<std::uint8_t>(n->kept + extra);
  }
  View view(std::uint64_t id) const {
    const Node* n = const_cast<Heap*>(this)->find(id);
    if (n == nullptr) return {{}, 0, 1, true};
    if (!alive(*n)) return {{}, n->total, n->weight, true};
    return {{words_.data() + n->first % word_ring, n->kept}, n->total, n->weight, n->gap};
  }
  static std::uint64_t node_of(Value v) {
    return v.is(Kind::object) ? v.payload() >> 24U : v.payload();
  }

 private:
  static constexpr std::uint64_t node_ring = 1U << 13U, word_ring = 1U << 16U;
  static constexpr std::uint64_t id_mask = (1ULL << 36U) - 1;
  struct Node {
    std::uint64_t first = 0, total = 0;
    double weight = 1;
    std::uint8_t kept = 0, room = 0;
    bool gap = false;  // its first elements were overwritten before these were added
  };

  Node* find(std::uint64_t id) {
    std::uint64_t age = (next_node_ - id) & id_mask;
    return age == 0 || age > node_ring || age > next_node_ ? nullptr
                                                           : &nodes_[id & (node_ring - 1)];
  }
  bool alive(const Node& n) const { return n.room == 0 || next_word_ - n.first <= word_ring; }
  double weight_of(Value v) {
    if (!v.is(Kind::tuple) && !v.is(Kind::list) && !v.is(Kind::dict)) return 1;
    const Node* n = find(v.payload());
    return n == nullptr ? 1 : n->weight;
  }
  // A run of `n` words that does not straddle the end of the ring.
  std::uint64_t allot(std::size_t n) {
    std::uint64_t rest = word_ring - next_word_ % word_ring;
    if (rest < n) next_word_ += rest;
    std::uint64_t at = next_word_;
    next_word_ += n;
    std::uint64_t end = at % word_ring + n;
    if (words_.size() < word_ring && words_.size() < end)
      words_.resize(
          std::min<std::uint64_t>(word_ring, std::max<std::uint64_t>(end, words_.size() * 2)));
    return at;
  }

  std::vector<Node> nodes_;
  std::vector<Value> words_;
  std::uint64_t next_node_ = 0, next_word_ = 0;
};

}  // namespace parapet::pickle
