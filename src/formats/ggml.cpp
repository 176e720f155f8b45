// The ancestors of GGUF: u32 'ggml', 'ggmf' or 'ggjt' (the latter two with a u32 version), for
// LLaMA seven i32 {vocabulary, width, multiple, heads, layers, rotation, type}, the vocabulary {u32
// length, bytes, f32 score}, tensors {u32 dimensions, u32 name's length, u32 type, sizes, name,
// data}; and 'ggla', adapters. Other models have other heads behind 'ggml'.
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#historical-state-of-affairs
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::size_t max_tensor_facts = 2000;

bool recognises(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 4);
  return a.bytes.size() >= 8 && (s == "lmgg" || s == "fmgg" || s == "tjgg" || s == "algg");
}

// {elements a block, bytes a block} of the types that these files had.
struct Block {
  std::uint32_t elements, bytes;
};
Block block_of(std::uint32_t type, std::uint32_t version) {
  bool half_scales = version >= 3;  // ggjt version 3 made the scales f16
  switch (type) {
    case 0:
      return {1, 4};
    case 1:
      return {1, 2};
    case 2:
      return {32, half_scales ? 18U : 20U};
    case 3:
      return {32, half_scales ? 20U : 24U};
    case 6:
      return {32, 22};
    case 7:
      return {32, 24};
    case 8:
      return {32, half_scales ? 34U : 36U};
    case 10:
      return {256, 84};
    case 11:
      return {256, 110};
    case 12:
      return {256, 144};
    case 13:
      return {256, 176};
    case 14:
      return {256, 210};
    default:
      return {0, 0};
  }
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    sink_.is("ggml");
    std::string magic(c_.text(4));
    std::reverse(magic.begin(), magic.end());
    if (magic != "ggml") version_ = c_.le<std::uint32_t>();
    if (magic == "ggml" || magic == "ggla")
      sink_.partly("what follows the head of a '" + printable(magic, 8) +
                   "' file depends on the model");
    else if (c_.ok() && (version_ < 1 || version_ > 3))
      sink_.partly("version " + std::to_string(version_));
    else
      llama(magic == "ggjt");
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(8, a_.bytes.size())},
           "a model of the old form '" + printable(magic, 8) + "'"};
    f.set("format", "ggml").set("name", file_name(a_.name)).set("loader", "llama.cpp");
    f.set("version", magic + " " + std::to_string(version_));
    sink_.add(std::move(f));
    sink_.finish(c_);
  }

 private:
  void llama(bool aligned) {
    std::uint64_t at = c_.offset();
    std::uint64_t vocabulary = c_.le<std::uint32_t>();
    c_.skip(6 * 4);
    if (c_.ok() && vocabulary > c_.left() / 8)
      sink_.anomaly("overflow",
                    "a vocabulary of " + std::to_string(vocabulary) + " in " +
                        std::to_string(c_.left()) + " bytes",
                    {at, 4});
    vocabulary = c_.count<8>(vocabulary);
    for (std::uint64_t i = 0; i < vocabulary && c_.ok() && sink_.next(); ++i) {
      std::uint64_t n = c_.le<std::uint32_t>();
      c_.skip(n);
      c_.skip(4);
    }
    while (c_.ok() && c_.left() > 0 && sink_.next()) tensor(aligned);
  }

  void tensor(bool aligned) {
    std::uint64_t at = c_.offset();
    auto dims = c_.le<std::uint32_t>(), length = c_.le<std::uint32_t>(),
         type = c_.le<std::uint32_t>();
    if (c_.ok() && dims > 4) {
      sink_.anomaly("overflow", "a tensor of " + std::to_string(dims) + " dimensions", {at, 4});
      return c_.fail("too many dimensions");
    }
    std::uint64_t elements = 1;
    bool overflows = false;
    std::string shape;
    for (std::uint32_t i = 0; i < dims && c_.ok(); ++i) {
      auto d = c_.le<std::uint32_t>();
      overflows = overflows || __builtin_mul_overflow(elements, std::uint64_t{d}, &elements) ||
                  elements > (1ULL << 56U);
      shape += (i == 0 ? "" : ",") + std::to_string(d);
    }
    std::string_view name = c_.text(length);
    Block block = block_of(type, version_);
    if (c_.ok() && block.elements == 0) return c_.fail("a type that does not exist");
    if (aligned) c_.skip((32 - c_.offset() % 32) % 32);
    if (!c_.ok()) return;
    std::uint64_t bytes = overflows ? 0 : elements / block.elements * block.bytes;
    if (overflows || bytes > c_.left()) {
      sink_.anomaly("overflow",
                    "tensor \"" + printable(name, 60) + "\" [" + shape + "] in " +
                        std::to_string(c_.left()) + " bytes",
                    {at, 12});
      return c_.fail("count larger than the input");
    }
    c_.skip(bytes);
    if (++tensors_ > max_tensor_facts) return;
    Fact f{"tensor", {}, {at, 12}, "tensor \"" + printable(name, 60) + "\" [" + shape + "]"};
    f.set("name", name.substr(0, 200)).set("dtype", std::to_string(type)).set("shape", shape);
    f.set("bytes", std::to_string(bytes));
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
  std::uint32_t version_ = 0;
  std::size_t tensors_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format ggml;
const Format ggml{
    "ggml",
    1,
    "GGML, GGMF, GGJT and GGLA: what GGUF came from",
    "https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#historical-state-of-affairs",
    recognises,
    parse};

}  // namespace parapet::formats
