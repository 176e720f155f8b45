// TensorProto: the values of constants. tensorflow/core/framework/tensor.proto
#include "base/text.h"
#include "formats/tensorflow/graph.h"

namespace parapet::tensorflow {
namespace {

using protobuf::f32;
using protobuf::f64;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;

constexpr std::uint64_t max_tensor_facts = 2000;
constexpr std::uint64_t max_absurd = 20;  // anomalies about sizes that are put
constexpr std::size_t longest_text = 4096;

struct Type {
  std::string_view name;
  unsigned bytes;  // 0: not in tensor_content
};
constexpr Type types[] = {{"invalid", 0},   {"float", 4},   {"double", 8},      {"int32", 4},
                          {"uint8", 1},     {"int16", 2},   {"int8", 1},        {"string", 0},
                          {"complex64", 8}, {"int64", 8},   {"bool", 1},        {"qint8", 1},
                          {"quint8", 1},    {"qint32", 4},  {"bfloat16", 2},    {"qint16", 2},
                          {"quint16", 2},   {"uint16", 2},  {"complex128", 16}, {"half", 2},
                          {"resource", 0},  {"variant", 0}, {"uint32", 4},      {"uint64", 8}};

struct Shape {
  std::string text;
  std::uint64_t elements = 1;
  bool overflows = false;
};

// {2: dim {1: size, 2: name}, 3: unknown_rank}
Shape read_shape(protobuf::Walk& walk, const Field& field) {
  Shape shape;
  Message m(walk, field.body);
  Field f;
  while (m.next(f)) {
    if (f.key != len(2)) continue;
    std::optional<Field> size = protobuf::find_last(f.body, num(1));
    auto n = size ? static_cast<std::int64_t>(size->value) : 0;
    if (shape.text.size() < 100) shape.text += (shape.text.empty() ? "" : ",") + std::to_string(n);
    shape.overflows =
        shape.overflows || n < -1 ||
        __builtin_mul_overflow(shape.elements, static_cast<std::uint64_t>(n < 0 ? 0 : n),
                               &shape.elements) ||
        shape.elements > (1ULL << 59U);
  }
  return shape;
}

}  // namespace

void read_tensor(Reading& r, const Field& tensor, std::string_view name, std::string* text) {
  std::uint64_t type = 0, content = 0;
  bool has_content = false, has_text = false;
  Shape shape;
  Message m(r.walk, tensor.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case num(1):
        type = f.value;
        break;
      case len(2):
        shape = read_shape(r.walk, f);
        break;
      case len(4):
        content = f.body.left();
        has_content = true;
        r.walk.check_head(name, f);
        break;
      case len(8):
        if (text != nullptr && !has_text) *text = f.text().substr(0, longest_text);
        has_text = true;
        r.walk.carry(name, f);
        break;
      case len(15): {  // a variant: {1: type name, 2: metadata, 3: tensors}
        Message variant(r.walk, f.body);
        Field inner;
        while (variant.next(inner))
          if (inner.key == len(3)) read_tensor(r, inner, name, nullptr);
        break;
      }
      case num(3):  // version, and values one by one or packed
      case f32(5):
      case len(5):
      case f64(6):
      case len(6):
      case num(7):
      case len(7):
      case f32(9):
      case len(9):
      case num(10):
      case len(10):
      case num(11):
      case len(11):
      case f64(12):
      case len(12):
      case num(13):
      case len(13):
      case len(14):
      case num(16):
      case len(16):
      case num(17):
      case len(17):
      case len(18):
        break;
      default:
        r.walk.unknown(f);
    }
  unsigned size = type < std::size(types) ? types[type].bytes : 0;
  std::string who = "tensor \"" + printable(name, 60) + "\"";
  bool short_of = has_content && content != 0 && size != 0 && !shape.overflows &&
                  content < shape.elements * size;
  if ((shape.overflows || short_of) && ++r.absurd > max_absurd) return;
  if (shape.overflows)
    r.walk.sink.anomaly("overflow",
                        who + " has the shape " + shape.text + ", larger than any memory",
                        tensor.place());
  else if (short_of)
    r.walk.sink.anomaly("overflow",
                        who + " needs " + std::to_string(shape.elements * size) +
                            " bytes and has " + std::to_string(content),
                        tensor.place());
  if (!has_content || content == 0 || ++r.tensors > max_tensor_facts) return;
  Fact fact{"tensor", {}, tensor.place(), who + " [" + shape.text + "]"};
  fact.set("name", name.substr(0, 200));
  fact.set("dtype", type < std::size(types) ? std::string(types[type].name) : std::to_string(type));
  fact.set("shape", shape.text).set("bytes", std::to_string(content));
  r.walk.sink.add(std::move(fact));
}

}  // namespace parapet::tensorflow
