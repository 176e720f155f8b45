// TensorFlow Lite / LiteRT models: a FlatBuffer "TFL3" whose root Model has operator codes,
// subgraphs {tensors, operators}, buffers and metadata. A zip of labels and vocabularies often
// stands behind it (TFLite metadata); the zip format reads that part. Models above 2 GB keep
// buffers behind the FlatBuffer, at offsets from the start of the file.
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
#include <algorithm>
#include <map>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/flatbuffers/buffer.h"
#include "formats/format.h"
#include "formats/tensorflow/operators.h"
#include "formats/tflite/flex.h"

namespace parapet::formats {
namespace {

using flatbuffers::Buffer;
using flatbuffers::Table;
using flatbuffers::Vector;

constexpr std::size_t max_tensor_facts = 2000;
constexpr std::uint64_t max_tail = 4096;  // bytes behind the last one read that are let pass
constexpr std::uint32_t custom = 32;      // BuiltinOperator.CUSTOM
constexpr unsigned text_type = 5;         // TensorType.STRING

struct Type {
  std::string_view name;
  unsigned bits;  // 0: elements have no fixed size
};
constexpr Type types[] = {{"FLOAT32", 32},   {"FLOAT16", 16}, {"INT32", 32},    {"UINT8", 8},
                          {"INT64", 64},     {"STRING", 0},   {"BOOL", 8},      {"INT16", 16},
                          {"COMPLEX64", 64}, {"INT8", 8},     {"FLOAT64", 64},  {"COMPLEX128", 128},
                          {"UINT64", 64},    {"RESOURCE", 0}, {"VARIANT", 0},   {"UINT32", 32},
                          {"UINT16", 16},    {"INT4", 4},     {"BFLOAT16", 16}, {"INT2", 2}};

// Custom operators of TensorFlow Lite itself and of MediaPipe: they compute and do no more.
constexpr std::string_view known_custom[] = {"TFLite_Detection_PostProcess",
                                             "Mfcc",
                                             "AudioSpectrogram",
                                             "NumericVerify",
                                             "RFFT2D",
                                             "AudioMicrofrontend",
                                             "edgetpu-custom-op",
                                             "ethos-u",
                                             "Convolution2DTransposeBias",
                                             "MaxPoolingWithArgmax2D",
                                             "MaxUnpooling2D",
                                             "Landmarks2TransformMatrix",
                                             "TransformLandmarks",
                                             "TransformTensorBilinear",
                                             "TFSentencepieceTokenizeOp",
                                             "TFSentencepieceDetokenizeOp",
                                             "RaggedTensorToTensor",
                                             "SentencepieceTokenizer",
                                             "NGrams",
                                             "Predict",
                                             "ExtractFeatures",
                                             "Normalize",
                                             "HashtableV2",
                                             "odml.rms_norm",
                                             "odml.scaled_dot_product_attention",
                                             "odml.update_kv_cache",
                                             "odml.detector"};

bool recognises(const Artifact& a) { return flatbuffers::identifier(a.bytes).starts_with("TFL"); }

std::string_view power_of(std::string_view name, bool has_path) {
  const tensorflow::Power* p = tensorflow::power_of(name);
  return p == nullptr || (p->only_with_path && !has_path) ? std::string_view() : p->power;
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), b_(a.bytes) {}

  void run() {
    sink_.is("tflite");
    if (flatbuffers::identifier(a_.bytes) != "TFL3") sink_.partly("not version 3 of the schema");
    Table model = b_.root();
    std::uint32_t version = b_.number<std::uint32_t>(model, 0);
    if (b_.ok() && version != 3) sink_.partly("schema version " + std::to_string(version));
    codes_ = b_.vector<4>(model, 1);
    for (std::uint64_t i = 0; i < codes_.count && b_.ok() && sink_.next(); ++i) code(i);
    read_buffers(b_.vector<4>(model, 4));
    Vector subgraphs = b_.vector<4>(model, 2);
    for (std::uint64_t i = 0; i < subgraphs.count && b_.ok() && sink_.next(); ++i)
      subgraph(b_.table(subgraphs, i), i);
    metadata(b_.vector<4>(model, 6));
    std::string_view description = b_.text(model, 3);
    if (!description.empty()) put_metadata("description", description, model.at);
    for (auto& [key, f] : operators_) sink_.add(std::move(f));
    put_metadata("operators",
                 std::to_string(names_.size() - customs_) + " built in, " +
                     std::to_string(customs_) + " custom",
                 codes_.at);
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(8, a_.bytes.size())},
           "a TensorFlow Lite model of " + std::to_string(subgraphs.count) + " subgraphs"};
    f.set("format", "tflite").set("name", file_name(a_.name)).set("loader", "tflite");
    sink_.add(std::move(f));
    if (tensors_ > max_tensor_facts)
      sink_.partly("only the first " + std::to_string(max_tensor_facts) +
                   " tensors are listed; all were checked");
    if (b_.ok()) tail();
    if (!b_.ok()) flex_names();
    sink_.finish(b_.cursor());
  }

 private:
  struct Data {
    Bytes bytes;
    std::uint64_t at = 0;
  };

  Place at(std::uint64_t offset) const {
    return {std::min<std::uint64_t>(offset, a_.bytes.size()), 0};
  }

  void wrong(std::string_view name, std::string says, std::uint64_t offset) {
    if (++said_ <= 20) sink_.anomaly(name, std::move(says), at(offset));
  }

  void put_metadata(std::string_view key, std::string_view value, std::uint64_t offset) {
    Fact f{"metadata", {}, at(offset), printable(key, 60) + ": " + printable(value, 120)};
    f.set("key", key.substr(0, 200)).set("value", value.substr(0, 400)).set("format", "tflite");
    sink_.add(std::move(f));
  }

  // The name of a custom operator; empty for one that is built in.
  void code(std::uint64_t i) {
    Table t = b_.table(codes_, i);
    auto old = std::uint32_t{b_.number<std::uint8_t>(t, 0)};
    std::uint32_t builtin = std::max(old, b_.number<std::uint32_t>(t, 3));
    std::string_view name = b_.text(t, 1);
    if (builtin == custom && name.empty() && b_.ok()) name = "?";
    names_.emplace_back(builtin == custom ? name.substr(0, 200) : std::string_view());
    if (builtin == custom) ++customs_;
  }

  void read_buffers(Vector buffers) {
    for (std::uint64_t i = 0; i < buffers.count && b_.ok() && sink_.next(); ++i) {
      Table t = b_.table(buffers, i);
      Bytes bytes = b_.bytes(t, 0);
      std::uint64_t from = b_.ok() && !bytes.empty() ? b_.cursor().offset() - bytes.size() : t.at;
      auto outside = b_.number<std::uint64_t>(t, 1);
      auto size = b_.number<std::uint64_t>(t, 2);
      if (outside > 1) {
        Cursor c(a_.bytes);
        c.seek(outside);
        bytes = c.take(size);
        from = outside;
        end_ = std::max(end_, c.offset());
        if (!c.ok())
          wrong("overflow", "buffer " + std::to_string(i) + " lies behind the end of the file",
                t.at);
      }
      if (!program_kind(bytes).empty())
        sink_.anomaly("executable",
                      "buffer " + std::to_string(i) +
                          " begins with a program: " + std::string(program_kind(bytes)),
                      {from, std::min<std::uint64_t>(bytes.size(), 4)});
      buffers_.push_back({bytes, from});
    }
  }

  void subgraph(const Table& t, std::uint64_t index) {
    std::string where(b_.text(t, 4).substr(0, 100));
    if (where.empty()) where = "subgraph " + std::to_string(index);
    Vector tensors = b_.vector<4>(t, 0);
    std::vector<std::uint32_t> data;  // the buffer of each tensor
    std::vector<std::uint8_t> kinds;
    for (std::uint64_t i = 0; i < tensors.count && b_.ok() && sink_.next(); ++i) {
      Table x = b_.table(tensors, i);
      data.push_back(b_.number<std::uint32_t>(x, 2));
      kinds.push_back(b_.number<std::uint8_t>(x, 1));
      tensor(x, data.back(), kinds.back());
    }
    Vector operators = b_.vector<4>(t, 3);
    for (std::uint64_t i = 0; i < operators.count && b_.ok() && sink_.next(); ++i) {
      Table op = b_.table(operators, i);
      auto code = b_.number<std::uint32_t>(op, 0);
      if (!b_.ok()) return;
      if (code >= names_.size()) {
        wrong("malformed",
              "an operator with the code " + std::to_string(code) + " of " +
                  std::to_string(names_.size()),
              op.at);
        continue;
      }
      Vector inputs = b_.vector<4>(op, 1);
      std::vector<std::string> arguments;
      for (std::uint64_t k = 0; k < inputs.count && b_.ok() && sink_.next(); ++k) {
        auto n = b_.number<std::uint32_t>(inputs, k);
        if (n == 0xFFFFFFFFU) continue;  // an optional input that is not given
        if (n >= data.size())
          wrong("malformed",
                "an operator that reads tensor " + std::to_string(n) + " of " +
                    std::to_string(data.size()),
                op.at);
        else if (kinds[n] == text_type && data[n] < buffers_.size() && !names_[code].empty())
          constants(buffers_[data[n]].bytes, arguments);
      }
      b_.vector<4>(op, 2);
      Bytes options = b_.bytes(op, 5);
      if (auto far = b_.number<std::uint64_t>(op, 9); far > 1) {
        Cursor c(a_.bytes);
        c.seek(far);
        options = c.take(b_.number<std::uint64_t>(op, 10));
        end_ = std::max(end_, c.offset());
        if (!c.ok()) wrong("overflow", "options of an operator behind the end of the file", op.at);
      }
      if (!names_[code].empty()) custom_operator(names_[code], where, options, arguments, op.at);
    }
  }

  // A tensor of texts: i32 count, count + 1 offsets from its start, the texts.
  static void constants(Bytes bytes, std::vector<std::string>& out) {
    Cursor c(bytes);
    std::uint64_t n = std::min<std::uint64_t>(c.count<4>(c.le<std::uint32_t>()), 4);
    for (std::uint64_t i = 0; i < n && c.ok(); ++i) {
      c.seek(4 + 4 * i);
      auto from = c.le<std::uint32_t>(), to = c.le<std::uint32_t>();
      c.seek(from);
      std::string_view s = c.text(to >= from ? to - from : 0);
      if (c.ok() && !s.empty()) out.emplace_back(s.substr(0, 200));
    }
  }

  void custom_operator(const std::string& code, const std::string& where, Bytes options,
                       const std::vector<std::string>& arguments, std::uint64_t offset) {
    bool flex = code.starts_with("Flex");
    std::string inner = flex ? tflite::node_operator(options) : std::string();
    std::string declared = flex ? code.substr(4) : code;
    std::string name = inner.empty() ? declared : inner;
    auto [place, is_new] = operators_.try_emplace(name + "\n" + where);
    Fact& f = place->second;
    if (is_new) {
      bool known = std::find(std::begin(known_custom), std::end(known_custom), code) !=
                   std::end(known_custom);
      std::string power(flex ? power_of(name, !arguments.empty()) : known ? "" : "custom");
      std::string says = flex ? "TensorFlow's " + printable(name, 80) : printable(name, 80);
      if (flex && name != declared) says += ", called " + printable(code, 80);
      f = Fact{"operator", {}, at(offset), says + " in " + printable(where, 80)};
      f.set("name", name).set("domain", flex ? "tensorflow" : "custom").set("framework", "tflite");
      f.set("where", where);
      if (flex && name != declared) f.set("declared", declared);
      if (!power.empty()) f.set("power", power);
      for (const auto& s : arguments) f.set("argument", s);
    }
    auto count = f.find("count") == nullptr ? 0 : to_integer(f.get("count")).value_or(0);
    f.put("count", std::to_string(count + 1));
  }

  void tensor(const Table& t, std::uint32_t buffer, std::uint8_t type) {
    std::string_view name = b_.text(t, 3);
    Vector dimensions = b_.vector<4>(t, 0);
    std::uint64_t elements = 1;
    bool overflows = false;
    std::string shape;
    for (std::uint64_t i = 0; i < dimensions.count && b_.ok() && sink_.next(); ++i) {
      auto d = static_cast<std::int32_t>(b_.number<std::uint32_t>(dimensions, i));
      std::uint64_t n = d < 0 ? 1 : static_cast<std::uint64_t>(d);
      overflows = overflows || d < -1 || __builtin_mul_overflow(elements, n, &elements) ||
                  elements > (1ULL << 60U);
      if (i < 16) shape += (i == 0 ? "" : ",") + std::to_string(d);
    }
    Table quantisation = b_.table(t, 4);
    for (unsigned field : {0U, 1U, 2U}) b_.vector<4>(quantisation, field);
    b_.vector<8>(quantisation, 3);
    Table sparsity = b_.table(t, 6);
    if (!b_.ok()) return;
    std::string who = "tensor \"" + printable(name, 60) + "\"";
    std::uint64_t held = 0;
    if (buffer >= buffers_.size() && buffer != 0)
      wrong(
          "malformed",
          who + " has buffer " + std::to_string(buffer) + " of " + std::to_string(buffers_.size()),
          t.at);
    else if (!buffers_.empty())
      held = buffers_[buffer].bytes.size();
    if (overflows) {
      wrong("overflow", who + " has dimensions that no memory holds: " + shape, t.at);
    } else if (type < std::size(types) && held > 0 && !sparsity && types[type].bits != 0) {
      std::uint64_t bytes = elements / 8 * types[type].bits + elements % 8 * types[type].bits / 8;
      if (bytes > held)
        wrong("overflow",
              who + " [" + shape + "] needs " + std::to_string(bytes) +
                  " bytes, its buffer holds " + std::to_string(held),
              t.at);
    }
    if (++tensors_ > max_tensor_facts) return;
    Fact f{"tensor", {}, at(t.at), who + " [" + shape + "]"};
    f.set("name", name.substr(0, 200));
    f.set("dtype", type < std::size(types) ? std::string(types[type].name) : std::to_string(type));
    f.set("shape", shape).set("bytes", std::to_string(held));
    sink_.add(std::move(f));
  }

  void metadata(Vector list) {
    for (std::uint64_t i = 0; i < list.count && b_.ok() && sink_.next(); ++i) {
      Table t = b_.table(list, i);
      std::string_view name = b_.text(t, 0);
      auto buffer = b_.number<std::uint32_t>(t, 1);
      if (!b_.ok() || buffer >= buffers_.size()) continue;
      Bytes value = buffers_[buffer].bytes;
      while (!value.empty() && value.back() == std::byte{0}) value = value.first(value.size() - 1);
      bool text = value.size() <= 400 && looks_like_text(value);
      put_metadata(name, text ? as_text(value) : std::to_string(value.size()) + " bytes", t.at);
    }
  }

  // What stands behind the last byte that something in the model names. A zip is what the metadata
  // writer appends, and is read as a zip.
  void tail() {
    std::uint64_t from = std::max(b_.reached(), end_);
    if (from + max_tail >= a_.bytes.size()) return;
    Bytes rest = a_.bytes.subspan(from);
    auto start = as_text(rest).find_first_not_of('\0');
    if (start == std::string_view::npos) return;
    Bytes data = rest.subspan(start);
    bool zip = as_text(data).starts_with("PK\x03\x04");
    if (zip || as_text(rest).substr(0, max_tail).find("PK\x03\x04") != std::string_view::npos)
      return;
    sink_.anomaly("trailing-data", std::to_string(data.size()) + " bytes behind the model",
                  {from + start, data.size()});
    sink_.child(a_, "tail", data, a_.owner);
  }

  // A model that cannot be followed may still say what it was to run.
  void flex_names() {
    std::string_view s = as_text(a_.bytes);
    unsigned found = 0;
    for (std::size_t i = s.find("Flex"); i != std::string_view::npos && found < 20;
         i = s.find("Flex", i + 4)) {
      if (!sink_.next()) return;
      std::size_t end = i + 4;
      while (end < s.size() && end < i + 80 && is_word(s[end])) ++end;
      std::string_view name = s.substr(i + 4, end - i - 4);
      std::string_view power = power_of(name, false);
      if (power.empty() || !operators_.try_emplace(std::string(name) + "\n?").second) continue;
      ++found;
      Fact f{"operator", {}, {i, end - i}, "TensorFlow's " + std::string(name) + " is named"};
      f.set("name", name).set("domain", "tensorflow").set("framework", "tflite");
      f.set("where", "unread part").set("power", power);
      sink_.add(std::move(f));
    }
  }

  const Artifact& a_;
  Sink& sink_;
  Buffer b_;
  Vector codes_;
  std::vector<std::string> names_;  // of each operator code; empty: built in
  std::vector<Data> buffers_;
  std::map<std::string, Fact> operators_;
  std::size_t customs_ = 0, tensors_ = 0;
  std::uint64_t end_ = 0;
  unsigned said_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format tflite;
const Format tflite{"tflite",
                    1,
                    "TensorFlow Lite models: operators, buffers, metadata",
                    "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/"
                    "lite/schema/schema.fbs",
                    recognises,
                    parse};

}  // namespace parapet::formats
