#include "formats/hdf5/file.h"

#include <algorithm>
#include <string>

namespace parapet::hdf5 {
namespace {

constexpr unsigned most_troubles = 20;  // told one by one

}  // namespace

std::uint64_t number(Cursor& c, unsigned width) {
  std::uint64_t v = 0;
  if (width > 8) c.fail("a number of more than 8 bytes");
  for (unsigned i = 0; i < width && c.ok(); ++i) v |= std::uint64_t{c.le<std::uint8_t>()} << 8U * i;
  return v;
}

unsigned width_of(std::uint64_t most) {
  unsigned n = 1;
  while (n < 8 && most >> 8U * n != 0) ++n;
  return n;
}

Cursor File::at(std::uint64_t address) const {
  Cursor c(artifact.bytes);
  if (address > artifact.bytes.size() || base > artifact.bytes.size() - address)
    c.fail("address outside the file");
  else
    c.seek(base + address);
  return c;
}

std::uint64_t File::address(Cursor& c) const {
  std::uint64_t v = number(c, address_size);
  bool undefined = v == (address_size == 8 ? ~0ULL : (1ULL << 8U * address_size) - 1);
  return undefined || !c.ok() ? no_address : v;
}

std::uint64_t File::length(Cursor& c) const { return number(c, length_size); }

bool File::spend(std::uint64_t bytes) {
  std::uint64_t limit = 8 * artifact.bytes.size() + (16ULL << 20U);
  if (spent_ > limit) return false;
  spent_ += std::min(bytes, limit);
  if (spent_ <= limit) return true;
  odd("overlap", "the same structures serve so many objects that reading them was stopped", {});
  sink.partly("stopped reading structures that overlap");
  return false;
}

void File::odd(std::string_view anomaly, std::string says, Place place) {
  if (++said_ <= most_troubles) sink.anomaly(anomaly, std::move(says), std::move(place));
}

void File::finish(const Cursor& c) {
  if (c.ok() || !troubles_.insert(c.offset()).second) return;
  if (++said_ <= most_troubles)
    sink.finish(c);
  else
    sink.partly("more structures that cannot be read");
}

}  // namespace parapet::hdf5
