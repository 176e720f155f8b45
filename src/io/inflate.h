#pragma once
// Compressed streams into a Scratch, one interface for every codec. Declared sizes are never
// believed: output grows by what was really decoded, within the budget. What was decoded before an
// error stays in the Scratch and is worth scanning. Decoder memory is limited to 128 MiB (a zstd
// window, an LZMA dictionary); a stream that wants more is an error that says so.
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "io/scratch.h"
#include "model/budget.h"

namespace parapet {

enum class Codec : std::uint8_t {
  deflate,     // RFC 1951, no header (zip method 8)
  zlib,        // RFC 1950
  gzip,        // RFC 1952, several members
  bzip2,       // several streams
  xz,          // several streams, padding between them
  lzma_alone,  // the legacy .lzma file
  lzma_zip,    // zip method 14: version, properties, raw LZMA
  zstd,        // RFC 8878, several and skippable frames
  lz4,         // the frame format, several and skippable frames
};

inline constexpr std::uint64_t size_unknown = ~std::uint64_t{0};

struct Inflated {
  bool complete = false;         // every stream reached its own end and its checksum held
  bool limited = false;          // stopped by the budget
  std::string error;             // why it is not complete: "incorrect data check"
  std::uint64_t stopped_at = 0;  // offset in the input where reading ended
  std::uint64_t made = 0;        // bytes put into the Scratch
  std::uint64_t streams = 0;     // whole ones
};

// Where the streams end before the input does, `stopped_at` is short of it: trailing bytes.
// `expected` is only used by lzma_zip streams that have no end mark. A single call leaves one
// eighth of the budget's bytes to what is read after it, so that a bomb in front hides nothing
// behind it.
Inflated inflate(Codec, Bytes in, Scratch& out, Budget&, std::uint64_t expected = size_unknown);

// Does `head`, perhaps cut or damaged, decode to something: a whole stream, or the first bytes of
// one?
bool inflates(Codec, Bytes head);

}  // namespace parapet
