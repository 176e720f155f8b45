#include "formats/archive/zip_member.h"

#include <libdeflate.h>

#include <algorithm>

#include "io/inflate.h"
#include "io/mapped_file.h"

namespace parapet::archive {
namespace {

constexpr std::uint64_t whole_at_once = 4ULL << 20U;  // bytes; larger members are streamed
constexpr std::uint64_t crc_block = 8ULL << 20U;

std::optional<Codec> codec_of(std::uint16_t method) {
  switch (method) {
    case 8:
      return Codec::deflate;
    case 12:
      return Codec::bzip2;
    case 14:
      return Codec::lzma_zip;
    case 93:
      return Codec::zstd;
    case 95:
      return Codec::xz;
    default:
      return std::nullopt;
  }
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { ::libdeflate_free_decompressor(d); }
};

// The common case: a small deflated member whose declared size is right. Anything else is left to
// the streaming decoder, which says what is wrong.
bool inflate_small(Bytes packed, const ZipHeader& header, Sink& sink, ZipContent& out) {
  if (header.size == 0 || header.size > whole_at_once || header.size / 1100 > packed.size())
    return false;
  if (header.size > sink.budget().unpack_left() / 2) return false;
  thread_local std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      ::libdeflate_alloc_decompressor());
  auto made = std::make_shared<std::string>(header.size, '\0');
  std::size_t used = 0;
  std::size_t size = 0;
  if (decompressor == nullptr ||
      ::libdeflate_deflate_decompress_ex(decompressor.get(), packed.data(), packed.size(),
                                         made->data(), made->size(), &used,
                                         &size) != LIBDEFLATE_SUCCESS ||
      size != header.size || !sink.budget().unpack(size))
    return false;
  out.bytes = as_bytes(*made);
  out.owner = std::move(made);
  out.used = used;
  out.complete = true;
  return true;
}

}  // namespace

ZipContent unpack_member(const Artifact& zip, Bytes packed, std::uint16_t method,
                         const ZipHeader& header, Sink& sink) {
  ZipContent out;
  if (method == 0) {
    out.bytes = packed;
    out.owner = zip.owner;
    out.used = packed.size();
    out.complete = true;
    return out;
  }
  auto codec = codec_of(method);
  if (!codec) {
    out.supported = false;
    return out;
  }
  if (*codec == Codec::deflate && inflate_small(packed, header, sink, out)) return out;
  Scratch scratch(sink.budget());
  bool has_end_mark = (header.flags & 2U) != 0;
  Inflated r =
      inflate(*codec, packed, scratch, sink.budget(), has_end_mark ? size_unknown : header.size);
  auto held = scratch.take();
  out.bytes = held.bytes;
  out.owner = std::move(held.owner);
  out.used = r.stopped_at;
  out.complete = r.complete;
  out.limited = r.limited;
  out.error = r.error;
  return out;
}

std::optional<std::uint32_t> crc_of(Bytes bytes, Sink& sink) {
  std::uint32_t crc = 0;
  for (std::uint64_t at = 0; at < bytes.size(); at += crc_block) {
    if (!sink.next(64)) return std::nullopt;
    Bytes block = bytes.subspan(at, std::min<std::uint64_t>(crc_block, bytes.size() - at));
    crc = ::libdeflate_crc32(crc, block.data(), block.size());
    if (bytes.size() > crc_block) drop_pages(block);
  }
  return crc;
}

}  // namespace parapet::archive
