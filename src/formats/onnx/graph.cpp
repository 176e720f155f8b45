// GraphProto, NodeProto, AttributeProto and FunctionProto of onnx/onnx.proto.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "formats/onnx/reading.h"
#include "formats/reference/reference.h"

namespace parapet::onnx {
namespace {

using protobuf::f32;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;

constexpr std::size_t max_foreign = 5000;
constexpr std::size_t max_functions = 100'000;

// Domains that ONNX defines, and those that ONNX Runtime itself implements.
// https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/graph/constants.h
constexpr std::array<std::string_view, 12> own_domains{"",
                                                       "ai.onnx",
                                                       "ai.onnx.ml",
                                                       "ai.onnx.training",
                                                       "ai.onnx.preview",
                                                       "ai.onnx.preview.training",
                                                       "com.microsoft",
                                                       "com.microsoft.nchwc",
                                                       "com.microsoft.experimental",
                                                       "com.microsoft.dml",
                                                       "com.ms.internal.nhwc",
                                                       "com.ms.internal.internal_testing"};

// Operators that call Python: onnxruntime-extensions' PyOp, the training build's PythonOp.
// https://onnxruntime.ai/docs/reference/operators/add-custom-op.html
constexpr std::array<std::string_view, 6> python_operators{"PyOp",   "PythonOp",   "PythonOpGrad",
                                                           "PyFunc", "PyCustomOp", "PyOperator"};

struct Node {
  std::string_view op, domain;
  // Of attributes: what a Python operator calls, what an engine's context is read from.
  std::string_view module, name, context;
  Place context_place;
  bool embedded = true;
};

void read_attribute(Reading& r, const Field& attribute, Node& node, const std::string& where) {
  std::string_view name, text;
  Place text_place;
  std::uint64_t integer = 0;
  Message m(r.walk, attribute.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        name = f.text();
        break;
      case num(3):
        integer = f.value;
        break;
      case len(4):
        text = f.text();
        text_place = f.place();
        r.walk.carry("attribute", f);
        break;
      case len(9):
        r.walk.carry("attribute", f);
        break;
      case len(5):
      case len(10):
        read_tensor(r, f);
        break;
      case len(6):
      case len(11):
        read_graph(r, f, where.starts_with("sub") ? where : "subgraph of " + where);
        break;
      case len(22):
      case len(23):
        read_sparse_tensor(r, f);
        break;
      case f32(2):
      case len(7):
      case f32(7):
      case len(8):
      case num(8):
      case len(13):  // doc_string
      case len(14):  // types
      case len(15):
      case num(20):  // type
      case len(21):  // ref_attr_name
        break;
      default:
        r.walk.unknown(f);
    }
  if (name == "module" || name == "python_module") node.module = text;
  if (name == "class_name" || name == "func_name" || name == "operator" || name == "name")
    node.name = text;
  if (name == "ep_cache_context") {
    node.context = text;
    node.context_place = text_place;
  }
  if (name == "embed_mode") node.embedded = integer != 0;
}

void judge(Reading& r, const Node& n, const std::string& where, const Place& place) {
  r.operators.seen(n.op);
  std::string argument(n.module);
  if (!n.name.empty()) argument += (argument.empty() ? "" : ".") + std::string(n.name);
  protobuf::Operator op{std::string(n.op), std::string(n.domain), where, "custom"};
  if (std::find(python_operators.begin(), python_operators.end(), n.op) != python_operators.end()) {
    op.power = "executes-code";
    op.argument = argument.substr(0, 400);
    return r.operators.add(std::move(op), place);
  }
  // A compiled engine: ONNX Runtime hands the bytes, or the file of that name, to a native library.
  // https://onnxruntime.ai/docs/execution-providers/EP-Context-Design.html
  if (n.op == "EPContext") {
    if (!n.embedded && !n.context.empty())
      reference::add(r.walk.sink, {.what = "library",
                                   .target = n.context,
                                   .format = "onnx",
                                   .by = "a compiled engine",
                                   .place = n.context_place});
    return r.operators.add(std::move(op), place);
  }
  if (std::find(own_domains.begin(), own_domains.end(), n.domain) != own_domains.end()) return;
  auto key = std::tuple(op.domain, op.name, op.where);
  if (r.foreign.size() >= max_foreign && !r.foreign.contains(key)) return;
  if (n.op == "ATen") op.argument = argument.substr(0, 400);
  auto& met = r.foreign.try_emplace(key, Reading::Foreign{std::move(op), place}).first->second;
  ++met.count;
}

void read_node(Reading& r, const Field& node, const std::string& where) {
  Node n;
  Message m(r.walk, node.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(4):
        n.op = f.text();
        break;
      case len(5):
        read_attribute(r, f, n, where);
        break;
      case len(7):
        n.domain = f.text();
        break;
      case len(1):  // input
      case len(2):  // output
      case len(3):  // name
      case len(6):  // doc_string
      case len(8):  // overload
      case len(9):  // metadata_props
      case len(10):
        break;
      default:
        r.walk.unknown(f);
    }
  judge(r, n, where, node.place());
}

}  // namespace

void read_graph(Reading& r, const Field& graph, const std::string& where) {
  Message m(r.walk, graph.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        read_node(r, f, where);
        break;
      case len(5):
        read_tensor(r, f);
        break;
      case len(15):
        read_sparse_tensor(r, f);
        break;
      case len(2):   // name
      case len(10):  // doc_string
      case len(11):  // input
      case len(12):  // output
      case len(13):  // value_info
      case len(14):  // quantization_annotation
      case len(16):  // metadata_props
        break;
      default:
        r.walk.unknown(f);
    }
}

void read_function(Reading& r, const Field& function) {
  // The name stands before the nodes where the usual writers write, but need not.
  std::string_view name = protobuf::text_of(function.body, len(1));
  std::string_view domain = protobuf::text_of(function.body, len(10));
  std::string where = "function " + std::string(name.substr(0, 100));
  if (r.functions.size() < max_functions) r.functions.emplace(domain, name);
  Message m(r.walk, function.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(7):
        read_node(r, f, where);
        break;
      case len(11): {  // attribute_proto: defaults, which may hold tensors and graphs
        Node none;
        read_attribute(r, f, none, where);
        break;
      }
      case len(1):
      case num(2):
      case num(3):
      case len(4):   // input
      case len(5):   // output
      case len(6):   // attribute
      case len(8):   // doc_string
      case len(9):   // opset_import
      case len(10):  // domain
      case len(12):  // value_info
      case len(13):  // overload
      case len(14):  // metadata_props
        break;
      default:
        r.walk.unknown(f);
    }
}

}  // namespace parapet::onnx
