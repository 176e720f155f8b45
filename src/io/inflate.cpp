#include "io/inflate.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/cursor.h"
#include "io/mapped_file.h"

namespace parapet {
namespace {

constexpr std::uint64_t decoder_memory = 128ULL << 20U;
constexpr std::uint64_t input_block = 1ULL << 20U;
constexpr std::size_t output_block = 256U << 10U;

using Room = std::span<std::byte>;

// What one call of a decoder did.
struct Step {
  enum class State : std::uint8_t { more, end, failed };
  State state = State::more;
  std::uint64_t used = 0, made = 0;
  std::string why = {};
};

// Every decoder below has: start(), step(), and again(): is there another stream here? It may move
// the cursor over what the format allows in between.

template <int window_bits, bool several>
class ZlibDecoder {
 public:
  ~ZlibDecoder() { ::inflateEnd(&z_); }
  const char* start() {
    return ::inflateInit2(&z_, window_bits) == Z_OK ? nullptr : "out of memory";
  }
  Step step(Bytes in, Room out) {
    z_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
    z_.avail_in = static_cast<uInt>(in.size());
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(out.size());
    int r = ::inflate(&z_, Z_NO_FLUSH);
    Step s{Step::State::more, in.size() - z_.avail_in, out.size() - z_.avail_out};
    if (r == Z_STREAM_END)
      s.state = Step::State::end;
    else if (r == Z_NEED_DICT)
      s = {Step::State::failed, s.used, s.made, "needs a preset dictionary"};
    else if (r != Z_OK && r != Z_BUF_ERROR)
      s = {Step::State::failed, s.used, s.made, z_.msg != nullptr ? z_.msg : "data error"};
    return s;
  }
  bool again(Cursor& c) {
    if (!several || as_text(c.peek(2)) != "\x1f\x8b") return false;
    return ::inflateReset(&z_) == Z_OK;
  }

 private:
  z_stream z_ = {};
};

class Bzip2Decoder {
 public:
  ~Bzip2Decoder() { ::BZ2_bzDecompressEnd(&z_); }
  const char* start() {
    return ::BZ2_bzDecompressInit(&z_, 0, 0) == BZ_OK ? nullptr : "out of memory";
  }
  Step step(Bytes in, Room out) {
    z_.next_in = const_cast<char*>(as_text(in).data());
    z_.avail_in = static_cast<unsigned>(in.size());
    z_.next_out = reinterpret_cast<char*>(out.data());
    z_.avail_out = static_cast<unsigned>(out.size());
    int r = ::BZ2_bzDecompress(&z_);
    Step s{Step::State::more, in.size() - z_.avail_in, out.size() - z_.avail_out};
    if (r == BZ_STREAM_END)
      s.state = Step::State::end;
    else if (r != BZ_OK)
      s = {Step::State::failed, s.used, s.made,
           r == BZ_DATA_ERROR_MAGIC ? "not a bzip2 stream"
           : r == BZ_MEM_ERROR      ? "out of memory"
                                    : "incorrect data check"};
    return s;
  }
  bool again(Cursor& c) {
    if (as_text(c.peek(3)) != "BZh") return false;
    ::BZ2_bzDecompressEnd(&z_);
    z_ = {};
    return start() == nullptr;
  }

 private:
  bz_stream z_ = {};
};

const char* lzma_words(lzma_ret r) {
  switch (r) {
    case LZMA_MEM_ERROR:
      return "out of memory";
    case LZMA_MEMLIMIT_ERROR:
      return "needs a dictionary of more than 128 MiB";
    case LZMA_FORMAT_ERROR:
      return "not a stream of this format";
    case LZMA_OPTIONS_ERROR:
      return "unsupported options";
    case LZMA_OK:
    case LZMA_STREAM_END:
    case LZMA_NO_CHECK:
    case LZMA_UNSUPPORTED_CHECK:
    case LZMA_GET_CHECK:
    case LZMA_DATA_ERROR:
    case LZMA_BUF_ERROR:
    case LZMA_PROG_ERROR:
    case LZMA_SEEK_NEEDED:
    case LZMA_RET_INTERNAL1:
    case LZMA_RET_INTERNAL2:
    case LZMA_RET_INTERNAL3:
    case LZMA_RET_INTERNAL4:
    case LZMA_RET_INTERNAL5:
    case LZMA_RET_INTERNAL6:
    case LZMA_RET_INTERNAL7:
    case LZMA_RET_INTERNAL8:
      break;
  }
  return "data error";
}

template <bool alone>
class LzmaDecoder {
 public:
  ~LzmaDecoder() { ::lzma_end(&z_); }
  const char* start() {
    lzma_ret r = alone ? ::lzma_alone_decoder(&z_, decoder_memory)
                       : ::lzma_stream_decoder(&z_, decoder_memory, 0);
    return r == LZMA_OK ? nullptr : lzma_words(r);
  }
  Step step(Bytes in, Room out) {
    z_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    z_.avail_in = in.size();
    z_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    z_.avail_out = out.size();
    lzma_ret r = ::lzma_code(&z_, LZMA_RUN);
    Step s{Step::State::more, in.size() - z_.avail_in, out.size() - z_.avail_out};
    if (r == LZMA_STREAM_END)
      s.state = Step::State::end;
    else if (r != LZMA_OK && r != LZMA_BUF_ERROR)
      s = {Step::State::failed, s.used, s.made, lzma_words(r)};
    return s;
  }
  bool again(Cursor& c) {
    if (alone) return false;
    while (as_text(c.peek(4)) == std::string_view("\0\0\0\0", 4)) c.skip(4);
    if (as_text(c.peek(6)) != std::string_view("\xfd"
                                               "7zXZ\0",
                                               6))
      return false;
    return start() == nullptr;
  }

 private:
  lzma_stream z_ = LZMA_STREAM_INIT;
};

bool is_skippable(std::uint32_t magic) { return (magic & 0xFFFFFFF0U) == 0x184D2A50U; }

class ZstdDecoder {
 public:
  ~ZstdDecoder() { ::ZSTD_freeDCtx(z_); }
  const char* start() {
    z_ = ::ZSTD_createDCtx();
    if (z_ == nullptr) return "out of memory";
    ::ZSTD_DCtx_setParameter(z_, ZSTD_d_windowLogMax, 27);
    return nullptr;
  }
  Step step(Bytes in, Room out) {
    // No more than it asks for: a call that fails keeps back all that it decoded.
    ZSTD_inBuffer i{in.data(), std::min(in.size(), wanted_), 0};
    ZSTD_outBuffer o{out.data(), out.size(), 0};
    std::size_t r = ::ZSTD_decompressStream(z_, &o, &i);
    Step s{Step::State::more, i.pos, o.pos};
    if (::ZSTD_isError(r) != 0)
      s = {Step::State::failed, s.used, s.made, ::ZSTD_getErrorName(r)};
    else if (r == 0)
      s.state = Step::State::end;
    wanted_ = ::ZSTD_isError(r) != 0 || r == 0 ? first_bytes : r;
    return s;
  }
  bool again(Cursor& c) {
    Cursor look(c.peek(4));
    auto magic = look.le<std::uint32_t>();
    return magic == 0xFD2FB528U || is_skippable(magic);
  }

 private:
  static constexpr std::size_t first_bytes = 5;
  ZSTD_DCtx* z_ = nullptr;
  std::size_t wanted_ = first_bytes;
};

class Lz4Decoder {
 public:
  ~Lz4Decoder() { ::LZ4F_freeDecompressionContext(z_); }
  const char* start() {
    return ::LZ4F_isError(::LZ4F_createDecompressionContext(&z_, LZ4F_VERSION)) != 0
               ? "out of memory"
               : nullptr;
  }
  Step step(Bytes in, Room out) {
    std::size_t used = std::min(in.size(), wanted_);  // as for zstd
    std::size_t made = out.size();
    std::size_t r = ::LZ4F_decompress(z_, out.data(), &made, in.data(), &used, nullptr);
    if (::LZ4F_isError(r) != 0) return {Step::State::failed, 0, 0, ::LZ4F_getErrorName(r)};
    wanted_ = r == 0 ? first_bytes : r;
    return {r == 0 ? Step::State::end : Step::State::more, used, made};
  }
  bool again(Cursor& c) {
    Cursor look(c.peek(4));
    auto magic = look.le<std::uint32_t>();
    return magic == 0x184D2204U || is_skippable(magic);
  }

 private:
  static constexpr std::size_t first_bytes = 7;
  LZ4F_dctx* z_ = nullptr;
  std::size_t wanted_ = first_bytes;
};

// Puts decoded blocks where they belong; false stops the decoder.
struct Target {
  Scratch& out;
  std::uint64_t left;  // bytes that this stream may still make

  bool put(Room made, Inflated& r) {
    std::uint64_t n = std::min<std::uint64_t>(made.size(), left);
    if (n != 0 && !out.append(Bytes(made.first(n)))) {
      r.limited = out.error().empty();
      r.error = r.limited ? "the limit of unpacked bytes" : out.error();
      return false;
    }
    r.made += n;
    left -= n;
    if (n == made.size()) return true;
    r.limited = true;
    r.error = "the limit of unpacked bytes";
    return false;
  }
};

// The last turn of a stream that is over or cannot go on; false leaves the loop.
template <class Decoder>
bool goes_on(const Step& s, Decoder& decoder, Cursor& c, Inflated& r) {
  if (s.state == Step::State::failed) {
    r.error = s.why;
    return false;
  }
  if (s.state == Step::State::end) {
    ++r.streams;
    r.stopped_at = c.offset();
    if (decoder.again(c)) return true;
    r.complete = true;
    return false;
  }
  if (s.used != 0 || s.made != 0) return true;
  r.error = c.left() == 0 ? "truncated" : "no progress";
  return false;
}

template <class Decoder>
Inflated run(Bytes in, Target target, Budget& budget, Decoder decoder = {}) {
  Inflated r;
  if (const char* why = decoder.start()) {
    r.error = why;
    return r;
  }
  std::vector<std::byte> room(output_block);
  Cursor c(in);
  std::uint64_t dropped = 0;
  for (;;) {
    if (!budget.step(16)) {
      r.limited = true;
      r.error = budget.spent();
      break;
    }
    Step s = decoder.step(c.peek(std::min(c.left(), input_block)), room);
    c.skip(s.used);
    if (!target.put(Room(room).first(s.made), r)) break;
    if (c.offset() - dropped >= 8 * input_block) {
      drop_pages(in.subspan(dropped, c.offset() - dropped));
      dropped = c.offset();
    }
    if (!goes_on(s, decoder, c, r)) break;
  }
  if (!r.complete) r.stopped_at = c.offset();
  return r;
}

// Zip's LZMA: u16 version, u16 size of the properties (5), the properties, data without the size
// that a .lzma file has. Given to the .lzma decoder with that header put in front.
class LzmaZipDecoder : public LzmaDecoder<true> {
 public:
  explicit LzmaZipDecoder(std::string header) : header_(std::move(header)) {}
  Step step(Bytes in, Room out) {
    if (header_.empty()) return LzmaDecoder<true>::step(in, out);
    Step s = LzmaDecoder<true>::step(as_bytes(header_), out);
    header_.clear();
    if (s.state == Step::State::more)
      s = LzmaDecoder<true>::step(in, out);
    else
      s.used = 0;
    return s;
  }

 private:
  std::string header_;
};

Inflated run_lzma_zip(Bytes in, Target target, Budget& budget, std::uint64_t expected) {
  Cursor c(in);
  c.skip(2);
  auto size = c.le<std::uint16_t>();
  std::string header(c.text(size));
  if (!c.ok() || size != 5) {
    Inflated r;
    r.error = "the LZMA properties are not 5 bytes";
    return r;
  }
  for (unsigned i = 0; i < 8; ++i) header += static_cast<char>(expected >> (8U * i) & 0xFFU);
  std::uint64_t start = c.offset();
  Inflated r = run(in.subspan(start), target, budget, LzmaZipDecoder(std::move(header)));
  r.stopped_at += start;
  return r;
}

Inflated dispatch(Codec codec, Bytes in, Target target, Budget& budget, std::uint64_t expected) {
  switch (codec) {
    case Codec::deflate:
      return run<ZlibDecoder<-15, false>>(in, target, budget);
    case Codec::zlib:
      return run<ZlibDecoder<15, false>>(in, target, budget);
    case Codec::gzip:
      return run<ZlibDecoder<31, true>>(in, target, budget);
    case Codec::bzip2:
      return run<Bzip2Decoder>(in, target, budget);
    case Codec::xz:
      return run<LzmaDecoder<false>>(in, target, budget);
    case Codec::lzma_alone:
      return run<LzmaDecoder<true>>(in, target, budget);
    case Codec::lzma_zip:
      return run_lzma_zip(in, target, budget, expected);
    case Codec::zstd:
      return run<ZstdDecoder>(in, target, budget);
    case Codec::lz4:
      return run<Lz4Decoder>(in, target, budget);
  }
  return {};
}

}  // namespace

Inflated inflate(Codec codec, Bytes in, Scratch& out, Budget& budget, std::uint64_t expected) {
  std::uint64_t left = budget.unpack_left();
  return dispatch(codec, in, Target{out, left - left / 8}, budget, expected);
}

bool inflates(Codec codec, Bytes head) {
  Limits limits;
  limits.unpacked = 4096;
  limits.seconds = 0;
  Budget budget(limits, head.size());
  Scratch out(budget);
  Inflated r = inflate(codec, head.first(std::min<std::size_t>(head.size(), 4096)), out, budget);
  // A checksum is looked at last: a loader has used the data by then.
  if (r.complete || r.made >= 64) return true;
  return r.made != 0 &&
         (r.error == "incorrect data check" || (r.made >= 16 && r.error == "truncated"));
}

}  // namespace parapet
