// TensorProto: shape, type, and where the bytes lie: in the message, or in a file that it names.
// onnx/onnx.proto; https://onnx.ai/onnx/repo-docs/ExternalData.html
// External locations that lead elsewhere: CVE-2022-25882, CVE-2024-27318, CVE-2025-51480.
#include <limits>

#include "base/text.h"
#include "formats/onnx/reading.h"

namespace parapet::onnx {
namespace {

using protobuf::f32;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;

constexpr std::uint64_t max_tensor_facts = 2000;
constexpr std::uint64_t max_absurd = 20;  // anomalies about sizes that are put
constexpr std::size_t max_locations = 10'000;

struct Type {
  std::string_view name;
  unsigned bits;  // 0: texts
};
constexpr Type types[] = {{"UNDEFINED", 0},      {"FLOAT", 32},     {"UINT8", 8},
                          {"INT8", 8},           {"UINT16", 16},    {"INT16", 16},
                          {"INT32", 32},         {"INT64", 64},     {"STRING", 0},
                          {"BOOL", 8},           {"FLOAT16", 16},   {"DOUBLE", 64},
                          {"UINT32", 32},        {"UINT64", 64},    {"COMPLEX64", 64},
                          {"COMPLEX128", 128},   {"BFLOAT16", 16},  {"FLOAT8E4M3FN", 8},
                          {"FLOAT8E4M3FNUZ", 8}, {"FLOAT8E5M2", 8}, {"FLOAT8E5M2FNUZ", 8},
                          {"UINT4", 4},          {"INT4", 4},       {"FLOAT4E2M1", 4},
                          {"FLOAT8E8M0", 8},     {"UINT2", 2},      {"INT2", 2}};

struct Tensor {
  std::string_view name;
  std::uint64_t type = 0;
  std::string shape;
  std::uint64_t elements = 1;
  bool overflows = false, has_raw = false;
  std::uint64_t raw = 0;
  std::string_view location, offset, length;
};

void dimension(Tensor& t, std::uint64_t n) {
  auto d = static_cast<std::int64_t>(n);
  if (t.shape.size() < 100) t.shape += (t.shape.empty() ? "" : ",") + std::to_string(d);
  t.overflows = t.overflows || d < 0 || __builtin_mul_overflow(t.elements, n, &t.elements) ||
                t.elements > (1ULL << 59U);
}

void absurd(Reading& r, std::string_view anomaly, std::string says, const Place& place) {
  if (r.absurd++ < max_absurd) r.walk.sink.anomaly(anomaly, std::move(says), place);
}

// "offset" and "length" are decimal texts. What is no number, negative or beyond any file makes
// readers that compute with it read elsewhere.
std::uint64_t file_number(Reading& r, const Tensor& t, std::string_view name,
                          std::string_view value, const Place& place) {
  if (value.empty()) return 0;
  auto n = to_integer(value);
  if (n && *n >= 0 && *n < (1LL << 60U)) return static_cast<std::uint64_t>(*n);
  absurd(r,
         n || value.find_first_not_of("-+0123456789") == std::string_view::npos ? "overflow"
                                                                                : "malformed",
         "tensor \"" + printable(t.name, 60) + "\" lies at an external " + std::string(name) +
             " of " + printable(value, 40),
         place);
  return 0;
}

void check_sizes(Reading& r, const Tensor& t, const Place& place) {
  std::string who = "tensor \"" + printable(t.name, 60) + "\"";
  std::uint64_t offset = file_number(r, t, "offset", t.offset, place);
  std::uint64_t length = file_number(r, t, "length", t.length, place);
  if (t.overflows)
    return absurd(r, "overflow", who + " has the shape " + t.shape + ", larger than any memory",
                  place);
  unsigned bits = t.type < std::size(types) ? types[t.type].bits : 0;
  if (bits == 0) return;
  std::uint64_t needs = t.elements / 8 * bits + (t.elements % 8 * bits + 7) / 8;
  if (t.has_raw && t.raw < needs)
    absurd(r, "overflow",
           who + " needs " + std::to_string(needs) + " bytes and has " + std::to_string(t.raw),
           place);
  // Values of less than a byte may stand one a byte.
  if (t.has_raw && t.raw > needs && bits >= 8)
    absurd(r, "gap",
           who + " has " + std::to_string(t.raw - needs) + " bytes more than its shape needs",
           place);
  if (length != 0 && length < needs)
    absurd(r, "overflow",
           who + " needs " + std::to_string(needs) + " bytes and its external data has " +
               std::to_string(length) + " from " + std::to_string(offset),
           place);
}

void put_tensor(Reading& r, const Tensor& t, const Place& place) {
  if (++r.tensors > max_tensor_facts) return;
  Fact f{"tensor", {}, place, "tensor \"" + printable(t.name, 60) + "\" [" + t.shape + "]"};
  f.set("name", t.name.substr(0, 200));
  f.set("dtype",
        t.type < std::size(types) ? std::string(types[t.type].name) : std::to_string(t.type));
  f.set("shape", t.shape);
  if (t.has_raw) f.set("bytes", std::to_string(t.raw));
  r.walk.sink.add(std::move(f));
}

}  // namespace

std::pair<std::string_view, std::string_view> read_entry(protobuf::Walk& walk, const Field& entry) {
  std::pair<std::string_view, std::string_view> out;
  Message m(walk, entry.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        out.first = f.text();
        break;
      case len(2):
        out.second = f.text();
        break;
      default:
        walk.unknown(f);
    }
  return out;
}

void read_tensor(Reading& r, const Field& tensor) {
  Tensor t;
  Message m(r.walk, tensor.body);
  Field f;
  std::vector<std::pair<std::string, Place>> locations;
  std::uint64_t texts = 0;
  while (m.next(f)) switch (f.key) {
      case num(1):
        dimension(t, f.value);
        break;
      case len(1):
        for (Cursor c = f.body; c.ok() && c.left() != 0 && r.walk.sink.next();)
          dimension(t, protobuf::read_varint(c));
        break;
      case num(2):
        t.type = f.value;
        break;
      case len(6):
        r.walk.carry("text-" + std::to_string(texts++), f);
        break;
      case len(8):
        t.name = f.text();
        break;
      case len(9):
        t.has_raw = true;
        t.raw = f.body.left();
        r.walk.check_head("raw_data", f);
        break;
      case len(13): {
        auto [key, value] = read_entry(r.walk, f);
        if (key == "location") locations.emplace_back(value, f.place());
        if (key == "offset") t.offset = value;
        if (key == "length") t.length = value;
        break;
      }
      case len(3):  // segment
      case len(4):  // float_data, and so on: values, packed or one by one
      case f32(4):
      case len(5):
      case num(5):
      case len(7):
      case num(7):
      case len(10):
      case protobuf::f64(10):
      case len(11):
      case num(11):
      case len(12):  // doc_string
      case num(14):  // data_location
      case len(16):  // metadata_props
        break;
      default:
        r.walk.unknown(f);
    }
  put_tensor(r, t, tensor.place());
  check_sizes(r, t, tensor.place());
  // The last of several locations wins with most readers, not with all: each is judged.
  for (auto& [location, place] : locations) {
    if (r.external.size() >= max_locations && !r.external.contains(location)) continue;
    auto& e = r.external.try_emplace(std::move(location), std::string(t.name), place).first->second;
    ++e.count;
  }
}

void read_sparse_tensor(Reading& r, const Field& tensor) {
  Message m(r.walk, tensor.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):  // values
      case len(2):  // indices
        read_tensor(r, f);
        break;
      case num(3):  // dims
      case len(3):
        break;
      default:
        r.walk.unknown(f);
    }
}

}  // namespace parapet::onnx
