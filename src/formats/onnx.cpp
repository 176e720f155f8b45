// ONNX models: a protobuf ModelProto {1: ir_version, 2: producer_name, 7: graph, 8: opset_import,
// 14: metadata_props, 20: training_info, 25: functions}; a graph is {1: node, 5: initializer, …}.
// Weights may lie in files that the tensors name, operators in libraries that the model only hopes
// for. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
#include "base/text.h"
#include "formats/format.h"
#include "formats/onnx/reading.h"
#include "formats/protobuf/text.h"
#include "formats/reference/reference.h"

namespace parapet::formats {
namespace {

using onnx::Reading;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

constexpr std::size_t max_metadata_facts = 500;
constexpr std::size_t max_harmless_references = 200;
constexpr std::size_t max_references = 1000;

// protobuf's text form, its JSON form, and the syntax of onnx.parser.
bool is_text_form(std::string_view head) {
  std::string_view s = trim(head);
  return s.starts_with("ir_version:") ||
         (s.starts_with('<') && contains(s.substr(0, 256), "ir_version:")) ||
         (s.starts_with('{') && contains(s, "\"irVersion\""));
}

// Evidence that no reader would do without: an unknown field proves nothing either way, since
// readers pass over it.
bool is_graph(const Field& f) {
  Outline g = outline(f.body, {len(1), len(5), len(11), len(12)});
  if (!g.sound && !g.cut) return false;
  if (const Field* node = g.largest(len(1))) {
    Outline n = outline(node->body, {len(4)});
    const Field* op = n.last(len(4));
    if (op != nullptr && protobuf::is_word(op->text())) return true;
  }
  for (std::uint32_t key : {len(11), len(12), len(5)})
    if (const Field* value = g.largest(key)) {
      std::uint32_t named = key == len(5) ? len(8) : len(1);
      Outline v = outline(value->body, {named});
      const Field* name = v.last(named);
      if (name != nullptr && protobuf::is_word(name->text())) return true;
    }
  return false;
}

bool recognises(const Artifact& a) {
  if (is_text_form(as_text(a.bytes).substr(0, 4096))) return true;
  Outline top = outline(Cursor(a.bytes), {num(1), len(7), len(8)});
  const Field* graph = top.largest(len(7));
  return graph != nullptr && (top.has(num(1)) || top.has(len(8))) && is_graph(*graph);
}

struct Head {
  std::uint64_t ir_version = 0;
  std::string_view producer, producer_version;
  std::size_t opsets = 0;
};

void put_metadata(Sink& sink, std::string_view key, std::string_view value, const Place& place) {
  Fact f{"metadata", {}, place, printable(key, 60) + ": " + printable(value, 120)};
  f.set("key", key.substr(0, 200)).set("value", value.substr(0, 400)).set("format", "onnx");
  sink.add(std::move(f));
}

void read_opset(Reading& r, const Field& opset, Head& head) {
  std::string_view domain;
  std::uint64_t version = 0;
  Message m(r.walk, opset.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        domain = f.text();
        break;
      case num(2):
        version = f.value;
        break;
      default:
        r.walk.unknown(f);
    }
  if (++head.opsets <= max_metadata_facts)
    put_metadata(r.walk.sink, "opset",
                 std::string(domain.empty() ? "ai.onnx" : domain.substr(0, 200)) + " " +
                     std::to_string(version),
                 opset.place());
}

void read_training(Reading& r, const Field& info) {
  Message m(r.walk, info.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
      case len(2):
        onnx::read_graph(r, f, "training graph");
        break;
      case len(3):  // bindings
      case len(4):
        break;
      default:
        r.walk.unknown(f);
    }
}

void read_model(Reading& r, Head& head) {
  std::size_t metadata = 0;
  Message m(r.walk, Cursor(r.walk.artifact.bytes));
  Field f;
  while (m.next(f)) switch (f.key) {
      case num(1):
        head.ir_version = f.value;
        break;
      case len(2):
        head.producer = f.text();
        break;
      case len(3):
        head.producer_version = f.text();
        break;
      case len(7):
        onnx::read_graph(r, f, "graph");
        break;
      case len(8):
        read_opset(r, f, head);
        break;
      case len(14): {
        auto [key, value] = onnx::read_entry(r.walk, f);
        if (++metadata <= max_metadata_facts) put_metadata(r.walk.sink, key, value, f.place());
        break;
      }
      case len(20):
        read_training(r, f);
        break;
      case len(25):
        onnx::read_function(r, f);
        break;
      case len(4):   // domain
      case num(5):   // model_version
      case len(6):   // doc_string
      case len(26):  // configuration
        break;
      default:
        r.walk.unknown(f);
    }
}

void put_references(Reading& r) {
  std::size_t harmless = 0, put = 0;
  for (const auto& [location, e] : r.external) {
    bool problem = !reference::problem_of(location).empty();
    if (!problem && ++harmless > max_harmless_references) continue;
    if (++put > max_references) break;
    std::string by = "tensor \"" + printable(e.tensor, 60) + "\"";
    if (e.count > 1) by += " (and " + std::to_string(e.count - 1) + " more)";
    reference::add(r.walk.sink, {.what = "external-data",
                                 .target = location,
                                 .format = "onnx",
                                 .by = by,
                                 .place = e.first});
  }
}

// protobuf's text form: the locations of external data.
void read_text(const Artifact& a, Sink& sink) {
  protobuf::TextReader text(as_text(a.bytes));
  protobuf::TextEvent e;
  std::string key, value;
  std::uint64_t references = 0;
  using Kind = protobuf::TextEvent::Kind;
  while (sink.next() && text.next(e)) {
    bool in_entry = !text.path().empty() && text.path().back() == "external_data";
    Place place{e.offset, e.length, e.line, e.column, {}};
    if (e.kind == Kind::value && in_entry && e.name == "key") key = e.value;
    if (e.kind == Kind::value && in_entry && e.name == "value") value = e.value;
    if (e.kind == Kind::close && e.name == "external_data") {
      if (key == "location" && ++references <= max_references)
        reference::add(sink, {.what = "external-data",
                              .target = value,
                              .format = "onnx",
                              .by = "a tensor",
                              .place = place});
      key.clear();
    }
  }
  sink.partly("of ONNX in a text form only external data is read");
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("onnx");
  if (is_text_form(as_text(a.bytes).substr(0, 4096))) return read_text(a, sink);
  Reading r(a, sink);
  Head head;
  read_model(r, head);
  for (auto& [key, met] : r.foreign)
    if (!r.functions.contains({met.op.domain, met.op.name}))
      r.operators.add(met.op, met.first, met.count);
  r.operators.put(sink);
  put_references(r);
  Fact f{"model",
         {},
         {},
         "ONNX, IR version " + std::to_string(head.ir_version) + ", " +
             std::to_string(r.operators.nodes()) + " nodes, " + std::to_string(r.tensors) +
             " tensors"};
  f.set("format", "onnx").set("name", file_name(a.name)).set("loader", "onnxruntime");
  f.set("version", std::to_string(head.ir_version));
  f.set("framework", "onnx");
  if (!head.producer.empty()) {
    std::string producer = std::string(head.producer) + " " + std::string(head.producer_version);
    f.set("producer", printable(trim(producer), 200));
  }
  sink.add(std::move(f));
  if (r.tensors > 2000)
    sink.partly("only the first 2000 of " + std::to_string(r.tensors) +
                " tensors are listed; all were checked");
  r.walk.finish();
}

}  // namespace

extern const Format onnx;
const Format onnx{"onnx",
                  1,
                  "ONNX models: operators, functions, tensors, external data",
                  "https://github.com/onnx/onnx/blob/main/onnx/onnx.proto",
                  recognises,
                  parse};

}  // namespace parapet::formats
