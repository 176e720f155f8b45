// FAISS indexes: a four-letter code of the kind, then {i32 dimensions, i64 vectors, 2 x i64, u8
// trained, i32 metric} and the kind's own data; wrappers hold an index again. Inverted lists on
// disk
// ("ilod") name the file that holds them, which read_index opens and maps.
// https://github.com/facebookresearch/faiss/blob/main/faiss/impl/index_write.cpp
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/reference/reference.h"

namespace parapet::formats {
namespace {

// Kinds with the common header right behind their code.
constexpr std::string_view kinds[] = {
    "IxFI", "IxF2", "IxFl", "IxHE", "IxHe", "IxPQ", "IxPo", "IxPq", "IxPT", "IxSQ", "IxLa", "IxRF",
    "IxFd", "IxAR", "IxMp", "IxM2", "IxRP", "IwFl", "IwF2", "IwSQ", "IwSq", "IwQR", "IwPQ", "IvPQ",
    "IwPf", "IwIQ", "IwLS", "IwRQ", "IHNf", "IHNp", "IHNs", "IHN2", "IHc2", "INSf", "INSp", "INSs",
    "IxPt", "IxRQ", "IxRq", "IxLS", "IxPR", "IxPL", "ImRQ", "ImLS", "Iwrq"};
constexpr std::string_view binary_kinds[] = {"IBxF", "IBwF", "IBFf", "IBHf",
                                             "IBMp", "IBM2", "IBHh", "IBHm"};

bool recognises(const Artifact& a) {
  std::string_view head = as_text(a.bytes).substr(0, 4);
  bool wide = std::find(std::begin(kinds), std::end(kinds), head) != std::end(kinds);
  bool binary =
      std::find(std::begin(binary_kinds), std::end(binary_kinds), head) != std::end(binary_kinds);
  if (!wide && !binary) return false;
  Cursor c(a.bytes);
  c.skip(4);
  auto d = c.le<std::uint32_t>();
  return c.ok() && d > 0 && d < 10'000'000;
}

// {u64 lists, u64 code size, u64 n, n x 24, u64 m, m x 16, u64 length, file name, u64 size}
void on_disk(const Artifact& a, Sink& sink, std::uint64_t at) {
  Cursor c(a.bytes);
  c.seek(at + 4);
  c.skip(16);
  c.skip(c.count<24>(c.le<std::uint64_t>()) * 24);
  c.skip(c.count<16>(c.le<std::uint64_t>()) * 16);
  auto n = c.le<std::uint64_t>();
  std::string_view target = c.text(n < 4096 ? n : ~std::uint64_t{0});
  if (!c.ok() || target.empty() || target.find('\0') != std::string_view::npos) return;
  Fact f{
      "reference", {}, {c.offset() - n, n}, "the vectors are read from " + printable(target, 120)};
  f.set("what", "external-data").set("target", target.substr(0, 400)).set("format", "faiss");
  std::string_view problem = reference::problem_of(target);
  if (!problem.empty()) f.set("problem", problem);
  sink.add(std::move(f));
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("faiss");
  Cursor c(a.bytes);
  std::string kind(c.text(4));
  auto d = c.le<std::uint32_t>();
  std::uint64_t vectors = 0;
  bool binary = kind.starts_with("IB");
  if (binary) c.skip(4);  // bytes of a code
  vectors = c.le<std::uint64_t>();
  if (!binary) c.skip(16);
  c.skip(1);
  auto metric = c.le<std::uint32_t>();
  if (!binary && metric > 1) c.skip(4);
  if (c.ok() && (kind == "IxFI" || kind == "IxF2" || kind == "IxFl")) {
    auto n =
        c.le<std::uint64_t>();  // floats, or bytes in files of newer versions: u64 count of floats
    std::uint64_t wanted = 0;
    bool over = __builtin_mul_overflow(vectors, std::uint64_t{d}, &wanted);
    if (over || wanted > c.left() / 4 || n > c.left() / 4)
      sink.anomaly("overflow",
                   std::to_string(vectors) + " vectors of " + std::to_string(d) + " numbers in " +
                       std::to_string(c.left()) + " bytes",
                   {8, 8});
    else if (n != wanted)
      sink.anomaly("malformed",
                   std::to_string(n) + " numbers for " + std::to_string(vectors) + " vectors",
                   {8, 8});
    Fact f{"tensor", {}, {8, 8}, std::to_string(vectors) + " vectors of " + std::to_string(d)};
    f.set("name", "vectors")
        .set("dtype", "F32")
        .set("shape", std::to_string(vectors) + "," + std::to_string(d));
    if (!over) f.set("bytes", std::to_string(wanted * 4));
    sink.add(std::move(f));
  } else if (c.ok()) {
    sink.partly("of a " + printable(kind, 8) +
                " index only the head and its lists on disk are read");
  }
  std::string_view text = as_text(a.bytes);
  unsigned lists = 0;
  for (std::size_t i = text.find("ilod"); i != std::string_view::npos && lists < 100 && sink.next();
       i = text.find("ilod", i + 4), ++lists)
    on_disk(a, sink, i);
  Fact f{"model",
         {},
         {0, std::min<std::uint64_t>(4, a.bytes.size())},
         "a FAISS index " + printable(kind, 8) + " of " + std::to_string(vectors) + " vectors"};
  f.set("format", "faiss").set("name", file_name(a.name)).set("loader", "faiss");
  sink.add(std::move(f));
  sink.finish(c);
}

}  // namespace

extern const Format faiss;
const Format faiss{"faiss",
                   1,
                   "FAISS indexes: vectors, and lists kept in other files",
                   "https://github.com/facebookresearch/faiss/blob/main/faiss/impl/index_write.cpp",
                   recognises,
                   parse};

}  // namespace parapet::formats
