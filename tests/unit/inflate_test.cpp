#include "io/inflate.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

using namespace parapet;

namespace {

std::string deflated(const std::string& text, int window_bits) {
  z_stream z = {};
  deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() / 2 + 1024, '\0');
  std::string in = text;
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

struct Decoded {
  Inflated how;
  std::string text;
};

Decoded run(Codec codec, const std::string& in, Limits limits = {}) {
  Budget budget(limits, in.size());
  Scratch scratch(budget);
  Decoded r{inflate(codec, as_bytes(in), scratch, budget), {}};
  auto held = scratch.take();
  r.text = as_text(held.bytes);
  return r;
}

}  // namespace

TEST_CASE("inflate: several gzip members are one stream, and what follows is not part of it") {
  std::string one = deflated("first", 31);
  std::string two = deflated("second", 31);
  Decoded r = run(Codec::gzip, one + two + "junk");
  CHECK(r.how.complete);
  CHECK(r.how.streams == 2);
  CHECK(r.text == "firstsecond");
  CHECK(r.how.stopped_at == one.size() + two.size());
}

TEST_CASE("inflate: what was decoded before an error is kept") {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919);
  std::string whole = deflated(text, 15);
  Decoded cut = run(Codec::zlib, whole.substr(0, whole.size() / 2));
  CHECK_FALSE(cut.how.complete);
  CHECK(cut.how.error == "truncated");
  CHECK(cut.text.size() > text.size() / 4);
  CHECK(text.starts_with(cut.text));
  std::string wrong = whole;
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  Decoded checked = run(Codec::zlib, wrong);
  CHECK(checked.how.error == "incorrect data check");
  CHECK(checked.text == text);
}

TEST_CASE("inflate: a bomb stops at the budget and leaves an eighth of it") {
  Limits limits;
  limits.unpacked = 1U << 20U;
  std::string bomb = deflated(std::string(8U << 20U, 'x'), -15);
  Budget budget(limits, bomb.size());
  Scratch scratch(budget);
  Inflated r = inflate(Codec::deflate, as_bytes(bomb), scratch, budget);
  CHECK(r.limited);
  CHECK_FALSE(r.complete);
  CHECK(scratch.size() == (1U << 20U) / 8 * 7);
  CHECK(budget.unpack_left() == (1U << 20U) / 8);
  CHECK(budget.spent() == nullptr);
}

TEST_CASE("inflate: every codec says truncated or an error on nothing") {
  for (Codec c : {Codec::deflate, Codec::zlib, Codec::gzip, Codec::bzip2, Codec::xz,
                  Codec::lzma_alone, Codec::lzma_zip, Codec::zstd, Codec::lz4}) {
    Decoded r = run(c, "");
    CHECK_FALSE(r.how.complete);
    CHECK_FALSE(r.how.error.empty());
    CHECK(r.text.empty());
  }
}

TEST_CASE(
    "inflates: a stream that is cut or fails its checksum counts, text that begins like one does "
    "not") {
  std::string z = deflated("a pickle that a loader has used before it looks at the checksum", 15);
  CHECK(inflates(Codec::zlib, as_bytes(z)));
  std::string wrong = z;
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  CHECK(inflates(Codec::zlib, as_bytes(wrong)));
  CHECK(inflates(Codec::zlib, as_bytes(z.substr(0, z.size() - 8))));
  CHECK_FALSE(inflates(Codec::zlib, as_bytes("x^2 + y^2 = z^2 has many whole solutions")));
}
