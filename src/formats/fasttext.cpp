// fastText models (.bin): i32 793712314, i32 version 11 or 12, twelve i32 arguments and an f64; the
// dictionary {i32 entries, words, labels, i64 tokens, i64 pruned}, entries {text, 00, i64 count, i8
// kind}, pruned pairs; u8 quantised, matrix {i64 rows, i64 columns, f32 …}; the same for the
// output. https://github.com/facebookresearch/fastText/blob/main/src/fasttext.cc
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::uint32_t magic = 793712314;

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  return c.le<std::uint32_t>() == magic && c.ok();
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    sink_.is("fasttext");
    c_.skip(4);
    auto version = c_.le<std::uint32_t>();
    if (c_.ok() && version != 11 && version != 12)
      sink_.partly("version " + std::to_string(version));
    auto width = c_.le<std::uint32_t>();
    c_.skip(11 * 4 + 8);
    std::uint64_t entries = dictionary();
    bool whole = c_.ok() && matrix("input") && matrix("output");
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(4, a_.bytes.size())},
           "a fastText model of " + std::to_string(entries) + " entries, " + std::to_string(width) +
               " wide"};
    f.set("format", "fasttext").set("name", file_name(a_.name)).set("loader", "fasttext");
    f.set("version", std::to_string(version));
    sink_.add(std::move(f));
    if (whole && c_.ok() && c_.left() > 0) {
      std::uint64_t at = c_.offset(), n = c_.left();
      sink_.anomaly("trailing-data", std::to_string(n) + " bytes behind the matrices", {at, n});
      sink_.child(a_, "tail", c_.take(n), a_.owner);
    }
    sink_.finish(c_);
  }

 private:
  std::uint64_t dictionary() {
    std::uint64_t at = c_.offset();
    std::uint64_t n = c_.le<std::uint32_t>();
    c_.skip(8 + 8);
    auto pruned = c_.le<std::uint64_t>();
    if (c_.ok() && n > c_.left() / 10)
      sink_.anomaly("overflow",
                    std::to_string(n) + " entries in " + std::to_string(c_.left()) + " bytes",
                    {at, 4});
    n = c_.count<10>(n);
    for (std::uint64_t i = 0; i < n && c_.ok() && sink_.next(); ++i) {
      c_.until('\0');
      c_.skip(9);
    }
    if (pruned < (1ULL << 62U)) c_.skip(c_.count<8>(pruned) * 8);
    return n;
  }

  bool matrix(std::string_view name) {
    auto quantised = c_.le<std::uint8_t>();
    if (c_.ok() && quantised != 0) {
      sink_.partly("a quantised matrix");
      return false;
    }
    std::uint64_t at = c_.offset();
    auto rows = c_.le<std::uint64_t>(), columns = c_.le<std::uint64_t>();
    std::uint64_t elements = 0;
    std::string shape = std::to_string(rows) + "," + std::to_string(columns);
    if (!c_.ok()) return false;
    if (__builtin_mul_overflow(rows, columns, &elements) || elements > c_.left() / 4) {
      sink_.anomaly("overflow",
                    "the " + std::string(name) + " matrix [" + shape + "] in " +
                        std::to_string(c_.left()) + " bytes",
                    {at, 16});
      c_.fail("count larger than the input");
      return false;
    }
    c_.skip(elements * 4);
    Fact f{"tensor", {}, {at, 16}, "the " + std::string(name) + " matrix [" + shape + "]"};
    f.set("name", name)
        .set("dtype", "F32")
        .set("shape", shape)
        .set("bytes", std::to_string(elements * 4));
    sink_.add(std::move(f));
    return true;
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format fasttext;
const Format fasttext{"fasttext",
                      1,
                      "fastText models: dictionary and matrices",
                      "https://github.com/facebookresearch/fastText/blob/main/src/fasttext.cc",
                      recognises,
                      parse};

}  // namespace parapet::formats
