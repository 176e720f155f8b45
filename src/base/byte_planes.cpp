#include "base/byte_planes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/check.h"

namespace parapet {

// Eight histograms, so that equal neighbours do not wait for each other's counter.
void BytePlanes::add(Bytes elements) {
  check(width_ == 1 || width_ == 2 || width_ == 4 || width_ == 8);
  constexpr std::size_t chunk = std::size_t{1} << 30U;  // 32-bit counters cannot overflow
  bytes_ += elements.size();
  while (!elements.empty()) {
    Bytes part = elements.first(std::min(chunk, elements.size()));
    elements = elements.subspan(part.size());
    std::array<std::array<std::uint32_t, 256>, 8> local{};
    std::size_t i = 0;
    for (; i + 8 <= part.size(); i += 8) {
      std::uint64_t w;
      std::memcpy(&w, part.data() + i, sizeof w);
      for (unsigned p = 0; p < 8; ++p) ++local[p][w >> (8 * p) & 0xFFU];
    }
    for (; i < part.size(); ++i) ++local[i % 8][std::to_integer<unsigned>(part[i])];
    for (unsigned p = 0; p < 8; ++p)
      for (unsigned v = 0; v < 256; ++v) counts_[p % width_][v] += local[p][v];
  }
}

double BytePlanes::entropy(unsigned plane) const {
  std::uint64_t total = 0;
  for (std::uint64_t n : counts_[plane]) total += n;
  double bits = 0;
  for (std::uint64_t n : counts_[plane]) {
    if (n == 0) continue;
    double share = static_cast<double>(n) / static_cast<double>(total);
    bits -= share * std::log2(share);
  }
  return bits;
}

double BytePlanes::ones(unsigned plane, unsigned bit) const {
  std::uint64_t total = 0;
  std::uint64_t set = 0;
  for (unsigned v = 0; v < 256; ++v) {
    total += counts_[plane][v];
    if ((v >> bit & 1U) != 0) set += counts_[plane][v];
  }
  return total == 0 ? 0 : static_cast<double>(set) / static_cast<double>(total);
}

}  // namespace parapet
