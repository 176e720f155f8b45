// A legacy .lzma file: properties byte, u32 dictionary size, u64 size or all ones, LZMA data. There
// is no mark, so every field must be one that an encoder writes and the data must decode.
#include <bit>

#include "base/cursor.h"
#include "formats/archive/stream.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  auto properties = c.le<std::uint8_t>();
  auto dictionary = c.le<std::uint32_t>();
  auto size = c.le<std::uint64_t>();
  auto first = c.le<std::uint8_t>();  // of the range coder: always zero
  if (!c.ok() || properties >= 225 || first != 0) return false;
  // Encoders write 2^n or 2^n + 2^(n-1); liblzma refuses anything else when it guesses, and so do
  // we.
  std::uint32_t high = std::bit_floor(dictionary);
  bool size_of_dictionary = dictionary == 0xFFFFFFFFU ||
                            (high >= 4096 && (dictionary == high || dictionary == high + high / 2));
  bool plausible = size == ~std::uint64_t{0} || size < 1ULL << 40U;
  return size_of_dictionary && plausible && inflates(Codec::lzma_alone, a.bytes);
}

void parse(const Artifact& a, Sink& sink) {
  archive::read_stream_format(a, Codec::lzma_alone, "lzma", sink);
}

}  // namespace

extern const Format lzma{"lzma",     1,    "legacy .lzma streams", "https://tukaani.org/xz/",
                         recognises, parse};

}  // namespace parapet::formats
