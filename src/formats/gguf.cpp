// GGUF: "GGUF", u32 version, then (v1: u32, v2 and v3: u64) n_tensors, n_kv; n_kv x {key, u32 type,
// value}; n_tensors x {name, u32 n_dims, dims, u32 ggml type, u64 offset}; padding to
// general.alignment; the tensors' bytes. Texts are a length and bytes. Version 3 may be big-endian.
// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
#include <algorithm>
#include <bit>
#include <set>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/format.h"
#include "formats/jinja/template_fact.h"

namespace parapet::formats {
namespace {

constexpr std::size_t max_tensor_facts = 2000;
constexpr std::size_t max_metadata_facts = 2000;
constexpr std::uint64_t max_padding = 1U
                                      << 20U;  // bytes of zeros after the tensors that are let pass
constexpr unsigned max_nesting = 4;            // arrays in arrays
constexpr std::uint32_t max_dims = 4;          // the reference reader's own limit

enum ValueType : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  boolean,
  text,
  array,
  u64,
  i64,
  f64
};

struct Block {
  std::uint32_t type;
  std::uint32_t elements, bytes;  // per block
};
// Sizes of ggml's tensor types; those that are not here were removed from it.
constexpr Block blocks[] = {
    {0, 1, 4},      {1, 1, 2},      {2, 32, 18},   {3, 32, 20},    {6, 32, 22},    {7, 32, 24},
    {8, 32, 34},    {9, 32, 40},    {10, 256, 84}, {11, 256, 110}, {12, 256, 144}, {13, 256, 176},
    {14, 256, 210}, {15, 256, 292}, {16, 256, 66}, {17, 256, 74},  {18, 256, 98},  {19, 256, 50},
    {20, 32, 18},   {21, 256, 110}, {22, 256, 82}, {23, 256, 136}, {24, 1, 1},     {25, 1, 2},
    {26, 1, 4},     {27, 1, 8},     {28, 1, 8},    {29, 256, 56},  {30, 1, 2},     {34, 256, 54},
    {35, 256, 66},  {39, 32, 17}};
constexpr std::string_view type_names[] = {
    "F32",     "F16",    "Q4_0",    "Q4_1",  "4",      "5",     "Q5_0",  "Q5_1",
    "Q8_0",    "Q8_1",   "Q2_K",    "Q3_K",  "Q4_K",   "Q5_K",  "Q6_K",  "Q8_K",
    "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS",
    "I8",      "I16",    "I32",     "I64",   "F64",    "IQ1_M", "BF16"};

bool recognises(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 4);
  return s == "GGUF";
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    if (c_.text(4) != "GGUF") c_.fail("not GGUF");
    std::uint32_t version = c_.le<std::uint32_t>();
    if (c_.ok() && (version & 0xFFFFU) == 0 && version != 0) {
      big_ = true;
      version = __builtin_bswap32(version);
    }
    if (!c_.ok()) return sink_.finish(c_);
    sink_.is("gguf");
    wide_ = version >= 2;
    if (version < 1 || version > 3)
      sink_.anomaly("malformed", "GGUF version " + std::to_string(version) + " does not exist",
                    {4, 4, 0, 0, {}});
    std::uint64_t tensors = size();
    std::uint64_t values = size();
    Place counts{8, wide_ ? 16U : 8U, 0, 0, {}};
    if (c_.ok() && (tensors > a_.bytes.size() / 16 || values > a_.bytes.size() / 8)) {
      sink_.anomaly("overflow",
                    "the header claims " + std::to_string(tensors) + " tensors and " +
                        std::to_string(values) + " values in " + std::to_string(a_.bytes.size()) +
                        " bytes",
                    counts);
      sink_.partly("counts larger than the file");
    }
    for (std::uint64_t i = 0; i < values && c_.ok() && sink_.next(); ++i) key_value();
    for (std::uint64_t i = 0; i < tensors && c_.ok() && sink_.next(); ++i) tensor();
    if (c_.ok()) check_ranges();
    Fact f{"model",
           {},
           {0, 4, 0, 0, {}},
           "GGUF version " + std::to_string(version) + " with " + std::to_string(tensors) +
               " tensors"};
    f.set("format", "gguf").set("name", file_name(a_.name)).set("loader", "llama.cpp");
    sink_.add(std::move(f));
    if (listed_ > max_tensor_facts)
      sink_.partly("only the first " + std::to_string(max_tensor_facts) +
                   " tensors are listed; all were checked");
    sink_.finish(c_);
  }

 private:
  template <class T>
  T number() {
    return big_ ? c_.be<T>() : c_.le<T>();
  }
  std::uint64_t size() { return wide_ ? number<std::uint64_t>() : number<std::uint32_t>(); }

  std::string_view string() {
    std::uint64_t at = c_.offset();
    std::uint64_t n = size();
    if (c_.ok() && n > c_.left())
      sink_.anomaly("overflow",
                    "a text of " + std::to_string(n) + " bytes in a file of " +
                        std::to_string(a_.bytes.size()),
                    {at, wide_ ? 8U : 4U, 0, 0, {}});
    return c_.text(n);
  }

  static unsigned width(std::uint32_t type) {
    switch (type) {
      case u8:
      case i8:
      case boolean:
        return 1;
      case u16:
      case i16:
        return 2;
      case u32:
      case i32:
      case f32:
        return 4;
      case u64:
      case i64:
      case f64:
        return 8;
      default:
        return 0;
    }
  }

  std::string scalar(std::uint32_t type) {
    switch (type) {
      case u8:
        return std::to_string(number<std::uint8_t>());
      case i8:
        return std::to_string(static_cast<std::int8_t>(number<std::uint8_t>()));
      case u16:
        return std::to_string(number<std::uint16_t>());
      case i16:
        return std::to_string(static_cast<std::int16_t>(number<std::uint16_t>()));
      case u32:
        return std::to_string(number<std::uint32_t>());
      case i32:
        return std::to_string(static_cast<std::int32_t>(number<std::uint32_t>()));
      case u64:
        return std::to_string(number<std::uint64_t>());
      case i64:
        return std::to_string(static_cast<std::int64_t>(number<std::uint64_t>()));
      case f32:
        return std::to_string(std::bit_cast<float>(number<std::uint32_t>()));
      case f64:
        return std::to_string(std::bit_cast<double>(number<std::uint64_t>()));
      case boolean: {
        std::uint64_t at = c_.offset();
        std::uint8_t b = number<std::uint8_t>();
        if (b > 1)
          sink_.anomaly("malformed", "a boolean that is neither 0 nor 1", {at, 1, 0, 0, {}});
        return b != 0 ? "true" : "false";
      }
      default:
        return {};
    }
  }

  // Passes over an array and says how many elements it has; texts of small ones are kept in
  // `first`.
  std::uint64_t skip_array(unsigned depth, std::vector<std::string>* first) {
    std::uint32_t type = number<std::uint32_t>();
    std::uint64_t n = size();
    if (depth >= max_nesting) c_.fail("arrays nested too deep");
    if (!c_.ok()) return 0;
    if (unsigned w = width(type); w != 0) {
      if (n > c_.left() / w) {
        sink_.anomaly("overflow", "an array of " + std::to_string(n) + " elements",
                      {c_.offset(), 0, 0, 0, {}});
        c_.fail("count larger than the input");
      }
      c_.skip(c_.ok() ? n * w : 0);
      return n;
    }
    if (type != text && type != array) {
      c_.fail("unknown value type");
      return 0;
    }
    if (n > c_.left() / (wide_ ? 8U : 4U)) {
      sink_.anomaly("overflow", "an array of " + std::to_string(n) + " elements",
                    {c_.offset(), 0, 0, 0, {}});
      c_.fail("count larger than the input");
    }
    for (std::uint64_t i = 0; i < n && c_.ok() && sink_.next(); ++i) {
      if (type == array) {
        skip_array(depth + 1, nullptr);
        continue;
      }
      std::string_view s = string();
      if (first != nullptr && first->size() < 16) first->emplace_back(s.substr(0, 100));
    }
    return n;
  }

  void key_value() {
    std::uint64_t at = c_.offset();
    std::string_view key = string();
    std::uint32_t type = number<std::uint32_t>();
    if (!c_.ok()) return;
    if (!keys_.insert(std::string(key.substr(0, 256))).second)
      sink_.anomaly("duplicate-key", "\"" + printable(key, 60) + "\" stands twice",
                    {at, key.size(), 0, 0, {}});
    std::string value;
    bool is_template = false;
    if (type == text) {
      std::string_view s = string();
      std::uint64_t from = c_.offset() - s.size();
      is_template = key == "tokenizer.chat_template" || key.starts_with("tokenizer.chat_template.");
      if (is_template && c_.ok())
        jinja::add_template(sink_, key, s.substr(0, 1U << 20U),
                            {from, std::min<std::size_t>(s.size(), 1U << 20U), 0, 0, {}}, true);
      value = std::string(s.substr(0, 400));
    } else if (type == array) {
      std::vector<std::string> first;
      std::uint64_t n = skip_array(0, &first);
      value = std::to_string(n) + " elements";
      // Names of templates, tags and languages are worth reading; vocabularies are not.
      if (n <= 16 && !first.empty()) value = join(first, ", ");
    } else if (width(type) != 0) {
      value = scalar(type);
      if (key == "general.alignment" && type == u32) {
        std::uint64_t v = 0;
        if (auto n = to_integer(value)) v = static_cast<std::uint64_t>(*n);
        if (v == 0 || v % 8 != 0)
          sink_.anomaly("malformed", "an alignment of " + value, {at, c_.offset() - at, 0, 0, {}});
        else
          alignment_ = v;
      }
    } else {
      c_.fail("unknown value type");
      return;
    }
    if (!c_.ok() || is_template || ++metadata_ > max_metadata_facts) return;
    Fact f{"metadata",
           {},
           {at, c_.offset() - at, 0, 0, {}},
           printable(key, 60) + ": " + printable(value, 120)};
    f.set("key", key.substr(0, 200)).set("value", value).set("format", "gguf");
    sink_.add(std::move(f));
  }

  void tensor() {
    std::uint64_t at = c_.offset();
    std::string_view name = string();
    std::uint32_t dims = number<std::uint32_t>();
    std::string who = "tensor \"" + printable(name, 60) + "\"";
    if (c_.ok() && dims > max_dims) {
      sink_.anomaly("overflow", who + " has " + std::to_string(dims) + " dimensions",
                    {at, c_.offset() - at, 0, 0, {}});
      c_.fail("too many dimensions");
    }
    std::uint64_t elements = 1;
    bool overflows = false;
    std::string shape;
    std::uint64_t row = 1;
    for (std::uint32_t i = 0; i < dims && c_.ok(); ++i) {
      std::uint64_t d = size();
      if (i == 0) row = d;
      overflows =
          overflows || __builtin_mul_overflow(elements, d, &elements) || elements > (1ULL << 62U);
      shape += (i == 0 ? "" : ",") + std::to_string(d);
    }
    std::uint32_t type = number<std::uint32_t>();
    std::uint64_t offset = number<std::uint64_t>();
    if (!c_.ok()) return;
    Place place{at, c_.offset() - at, 0, 0, {}};
    auto block = std::find_if(std::begin(blocks), std::end(blocks),
                              [&](const Block& b) { return b.type == type; });
    std::uint64_t bytes = 0;
    if (block == std::end(blocks)) {
      sink_.anomaly("type-mismatch", who + " has the unknown type " + std::to_string(type), place);
    } else if (overflows || __builtin_mul_overflow(elements / block->elements,
                                                   std::uint64_t{block->bytes}, &bytes)) {
      sink_.anomaly("overflow", who + " has dimensions whose product overflows: " + shape, place);
      bytes = 0;
      overflows = true;
    } else if (row % block->elements != 0) {
      sink_.anomaly("type-mismatch", who + " has rows that are not whole blocks", place);
    }
    bool listed = ++listed_ <= max_tensor_facts;
    if (listed) list(name, type, shape, bytes, place, who);
    if (!overflows && ranges_.size() < 1'000'000)
      ranges_.push_back(
          {offset, bytes, at, listed ? static_cast<std::int32_t>(sink_.facts().size()) - 1 : -1});
  }

  void list(std::string_view name, std::uint32_t type, const std::string& shape,
            std::uint64_t bytes, const Place& place, const std::string& who) {
    Fact f{"tensor", {}, place, who + " [" + shape + "]"};
    f.set("name", name.substr(0, 200));
    f.set("dtype",
          type < std::size(type_names) ? std::string(type_names[type]) : std::to_string(type));
    f.set("shape", shape).set("bytes", std::to_string(bytes));
    sink_.add(std::move(f));
  }

  struct Range {
    std::uint64_t from, length, at;
    std::int32_t fact;  // of the tensor; -1: not listed
  };

  void check_ranges() {
    std::uint64_t start = c_.offset();
    std::uint64_t padding = (alignment_ - start % alignment_) % alignment_;
    if (ranges_.empty()) {
      if (c_.left() > padding) tail(start);
      return;
    }
    if (padding > c_.left()) padding = c_.left();
    start += padding;
    std::uint64_t space = a_.bytes.size() - start;
    std::sort(ranges_.begin(), ranges_.end(),
              [](const Range& x, const Range& y) { return x.from < y.from; });
    std::uint64_t end = 0;
    unsigned said = 0;
    for (const Range& r : ranges_) {
      if (!sink_.next()) return;
      if (r.from > space || r.length > space - r.from) {
        if (++said <= 20)
          sink_.anomaly("overflow",
                        "a tensor's bytes from " + std::to_string(r.from) + " end behind the file",
                        {r.at, 0, 0, 0, {}});
        continue;
      }
      if (r.from % alignment_ != 0 && ++said <= 20)
        sink_.anomaly("malformed", "a tensor that is not aligned", {r.at, 0, 0, 0, {}});
      if (r.from < end && r.length > 0 && ++said <= 20)
        sink_.anomaly("overlap", "two tensors share bytes from " + std::to_string(r.from),
                      {start + r.from, 0, 0, 0, {}});
      if (r.from > end && r.from - end >= alignment_ && ++said <= 20)
        sink_.anomaly("gap", std::to_string(r.from - end) + " bytes belong to no tensor",
                      {start + end, r.from - end, 0, 0, {}});
      check_head(start + r.from, r.length);
      if (r.fact >= 0) sink_.fact(r.fact).set("data_offset", std::to_string(start + r.from));
      end = std::max(end, r.from + r.length);
    }
    std::uint64_t pad = (alignment_ - end % alignment_) % alignment_;
    if (end < space && space - end > pad) tail(start + end);
  }

  void check_head(std::uint64_t at, std::uint64_t length) {
    Cursor c(a_.bytes);
    c.seek(at);
    std::string_view what = program_kind(c.take(std::min<std::uint64_t>({length, c.left(), 4096})));
    if (!what.empty())
      sink_.anomaly("executable", "a tensor begins with a program: " + std::string(what),
                    {at, 4, 0, 0, {}});
  }

  void tail(std::uint64_t at) {
    std::uint64_t n = a_.bytes.size() - at;
    Cursor zeros(a_.bytes);
    zeros.seek(at);
    // Writers reserve more than the tensors need; zeros hide nothing.
    std::string_view head = as_text(zeros.take(std::min<std::uint64_t>(n, max_padding)));
    if (n <= max_padding && head.find_first_not_of('\0') == std::string_view::npos) return;
    sink_.anomaly("trailing-data", std::to_string(n) + " bytes after the last tensor",
                  {at, n, 0, 0, {}});
    Cursor c(a_.bytes);
    c.seek(at);
    sink_.child(a_, "tail", c.take(n), a_.owner);
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
  bool big_ = false, wide_ = true;
  std::uint64_t alignment_ = 32;
  std::size_t metadata_ = 0, listed_ = 0;
  std::vector<Range> ranges_;
  std::set<std::string> keys_;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format gguf;
const Format gguf{"gguf",
                  1,
                  "GGUF models: values, chat templates, tensors",
                  "https://github.com/ggml-org/ggml/blob/master/docs/gguf.md",
                  recognises,
                  parse};

}  // namespace parapet::formats
