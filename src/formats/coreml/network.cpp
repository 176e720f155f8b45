// NeuralNetwork.proto and MIL.proto of https://github.com/apple/coremltools (mlmodel/format).
#include "base/text.h"
#include "formats/coreml/reading.h"
#include "formats/reference/reference.h"

namespace parapet::coreml {
namespace {

using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;

constexpr std::size_t max_weight_files = 1000;

// BranchLayerParams {1: ifBranch, 2: elseBranch}, LoopLayerParams {3: condition, 4: body}:
// networks.
void read_inner_networks(Reading& r, const Field& layer, std::uint32_t a, std::uint32_t b,
                         const std::string& where) {
  Message m(r.walk, layer.body);
  Field f;
  while (m.next(f))
    if (f.key == a || f.key == b) read_network(r, f, where);
}

// NeuralNetworkLayer {1: name, …, one of: 100 …}. Layers differ by their field's number.
void read_layer(Reading& r, const Field& layer, const std::string& where) {
  Message m(r.walk, layer.body);
  Field f;
  while (m.next(f)) {
    if (f.number() >= 100) r.operators.seen("layer " + std::to_string(f.number()));
    if (f.key == len(500)) read_custom(r, f, 10, "custom layer", where);
    if (f.key == len(605)) read_inner_networks(r, f, len(1), len(2), where);
    if (f.key == len(615)) read_inner_networks(r, f, len(3), len(4), where);
  }
}

void read_value(Reading& r, const Field& value);

// A map's entry {1: key, 2: Value}, or {1: key, 2: Argument {1: Binding {2: Value}}}.
void read_entry(Reading& r, const Field& entry, bool is_argument) {
  Message m(r.walk, entry.body);
  Field f;
  while (m.next(f)) {
    if (f.key != len(2)) continue;
    if (!is_argument) {
      read_value(r, f);
      continue;
    }
    Message argument(r.walk, f.body);
    Field binding;
    while (argument.next(binding)) {
      if (binding.key != len(1)) continue;
      Message bound(r.walk, binding.body);
      Field v;
      while (bound.next(v))
        if (v.key == len(2)) read_value(r, v);
    }
  }
}

// Value {3: immediate, 5: BlobFileValue {1: fileName, 2: offset}}
void read_value(Reading& r, const Field& value) {
  Message m(r.walk, value.body);
  Field f;
  while (m.next(f)) {
    if (f.key != len(5)) continue;
    std::optional<Field> name = protobuf::find_last(f.body, len(1));
    if (!name || r.weights.size() >= max_weight_files || !r.weights.emplace(name->text()).second)
      continue;
    // "@model_path/weights/weight.bin": Core ML puts the model's own folder for the first part.
    std::string_view path = name->text();
    if (path.starts_with("@model_path/")) path.remove_prefix(12);
    reference::add(r.walk.sink, {.what = "weights",
                                 .target = path,
                                 .format = "coreml",
                                 .by = "a constant",
                                 .place = name->place()});
  }
}

void read_block(Reading& r, const Field& block, const std::string& where);

// Operation {1: type, 2: inputs, 4: blocks, 5: attributes}
void read_operation(Reading& r, const Field& operation, const std::string& where) {
  std::string_view type;
  Message m(r.walk, operation.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        type = f.text();
        break;
      case len(2):
        read_entry(r, f, true);
        break;
      case len(4):
        read_block(r, f, where);
        break;
      case len(5):
        read_entry(r, f, false);
        break;
      case len(3):  // outputs
        break;
      default:
        r.walk.unknown(f);
    }
  r.operators.seen(type);
  if (type == "custom_layer" || type == "custom")
    r.operators.add({std::string(type), {}, where, "custom"}, operation.place());
}

// Block {3: operations, 4: attributes}
void read_block(Reading& r, const Field& block, const std::string& where) {
  Message m(r.walk, block.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(3):
        read_operation(r, f, where);
        break;
      case len(4):
        read_entry(r, f, false);
        break;
      case len(1):  // inputs
      case len(2):  // outputs
        break;
      default:
        r.walk.unknown(f);
    }
}

// Entry {1: name, 2: Function {3: map of opset to Block}}
void read_function(Reading& r, const Field& entry) {
  std::string where = "function";
  Message m(r.walk, entry.body);
  Field f;
  while (m.next(f)) {
    if (f.key == len(1)) where = "function " + std::string(f.text().substr(0, 100));
    if (f.key != len(2)) continue;
    Message function(r.walk, f.body);
    Field part;
    while (function.next(part)) {
      if (part.key == len(4)) read_entry(r, part, false);
      if (part.key != len(3)) continue;
      Message specialisation(r.walk, part.body);
      Field block;
      while (specialisation.next(block))
        if (block.key == len(2)) read_block(r, block, where);
    }
  }
}

}  // namespace

void read_network(Reading& r, const Field& network, const std::string& where) {
  Message m(r.walk, network.body);
  Field f;
  while (m.next(f))
    if (f.key == len(1)) read_layer(r, f, where);
}

void read_program(Reading& r, const Field& program) {
  Message m(r.walk, program.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(2):
        read_function(r, f);
        break;
      case len(4):
        read_entry(r, f, false);
        break;
      case num(1):
      case len(3):
        break;
      default:
        r.walk.unknown(f);
    }
}

}  // namespace parapet::coreml
