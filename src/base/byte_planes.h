#pragma once
// Statistics of weights by byte position: of an array of 4-byte numbers, all first bytes are plane
// 0, all second bytes plane 1 and so on. What a plane's histogram shows and does not:
// docs/inspect.md.
#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace parapet {

class BytePlanes {
 public:
  // `width`: bytes of an element, 1, 2, 4 or 8.
  explicit BytePlanes(unsigned width) : width_(width) {}

  // Elements that follow one another; may be called for one tensor after the other.
  void add(Bytes elements);

  unsigned width() const { return width_; }
  std::uint64_t bytes() const { return bytes_; }
  // Shannon entropy of a plane in bits per byte, 0 to 8.
  double entropy(unsigned plane) const;
  // The share of ones in bit 0 (lowest) to 7 of a plane's bytes, 0 to 1.
  double ones(unsigned plane, unsigned bit) const;

 private:
  using Histogram = std::array<std::uint64_t, 256>;
  unsigned width_;
  std::uint64_t bytes_ = 0;
  std::array<Histogram, 8> counts_{};
};

}  // namespace parapet
