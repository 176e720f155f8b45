// PaddlePaddle's inference models: .pdmodel, a protobuf ProgramDesc {1: blocks {1: idx, 2: parent,
// 3: vars, 4: ops}, 4: version}, and .pdiparams, the tensors one after another: u32 version, u64
// levels, the levels, u32 version, i32 length of TensorDesc {1: type, 2: dims}, TensorDesc, values.
// https://github.com/PaddlePaddle/Paddle/blob/develop/paddle/fluid/framework/framework.proto
#include <algorithm>
#include <array>

#include "base/text.h"
#include "formats/format.h"
#include "formats/protobuf/operators.h"
#include "formats/protobuf/wire.h"

namespace parapet::formats {
namespace {

using protobuf::f32;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

constexpr std::size_t max_tensor_facts = 2000;
constexpr std::uint64_t max_levels = 16;
constexpr std::uint64_t longest_description = 4096;

struct Power {
  std::string_view op, power;
};
// py_func calls what Python registered under a number; engines hold compiled code of other
// libraries.
// https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/static/py_func_en.html
constexpr Power powers[] = {{"distributed_lookup_table", "network"},
                            {"fetch_barrier", "network"},
                            {"fl_listen_and_serv", "network"},
                            {"gen_nccl_id", "network"},
                            {"c_gen_nccl_id", "network"},
                            {"heter_listen_and_serv", "network"},
                            {"listen_and_serv", "network"},
                            {"lite_engine", "custom"},
                            {"load", "reads-files"},
                            {"load_combine", "reads-files"},
                            {"open_files", "reads-files"},
                            {"py_func", "executes-code"},
                            {"read_file", "reads-files"},
                            {"recv", "network"},
                            {"recv_save", "network"},
                            {"save", "writes-files"},
                            {"save_combine", "writes-files"},
                            {"send", "network"},
                            {"send_and_recv", "network"},
                            {"send_barrier", "network"},
                            {"tensorrt_engine", "custom"}};

// A ProgramDesc's block has its numbers where other formats' messages have texts.
bool is_program(const Artifact& a) {
  Outline top = outline(Cursor(a.bytes), {len(1)});
  const Field* block = top.largest(len(1));
  if (block == nullptr || (!top.sound && !top.cut)) return false;
  Outline b = outline(block->body, {num(1), num(2), len(3), len(4)});
  const Field *op = b.largest(len(4)), *var = b.largest(len(3));
  if (!b.has(num(1)) || !b.has(num(2))) return false;
  if (op != nullptr) {
    Outline o = outline(op->body, {len(3)});
    const Field* type = o.last(len(3));
    return type != nullptr && protobuf::is_word(type->text());
  }
  if (var == nullptr) return false;
  Outline v = outline(var->body, {len(1), len(2)});
  const Field* name = v.last(len(1));
  return name != nullptr && v.has(len(2)) && protobuf::is_word(name->text());
}

struct Header {
  std::uint64_t type = 0, elements = 1;
  std::string shape;
  bool overflows = false;
};
constexpr std::array<unsigned, 28> type_sizes{1, 2, 4, 8, 2, 4, 8, 0, 0, 0, 0,  0, 0, 0,
                                              0, 0, 0, 0, 0, 8, 1, 1, 2, 8, 16, 0, 0, 0};

// Up to the tensor's values; the cursor fails where this is no tensor.
Header read_tensor_header(Cursor& c) {
  Header h;
  if (c.le<std::uint32_t>() != 0) c.fail("a tensor version that does not exist");
  std::uint64_t levels = c.le<std::uint64_t>();
  if (levels > max_levels) c.fail("more levels than a tensor has");
  for (std::uint64_t i = 0; i < levels && c.ok(); ++i) c.skip(c.le<std::uint64_t>());
  if (c.le<std::uint32_t>() != 0) c.fail("a tensor version that does not exist");
  std::uint64_t n = c.le<std::uint32_t>();
  if (n < 2 || n > longest_description) c.fail("no description of a tensor");
  Cursor description = c.sub(n);
  bool typed = false;
  auto dimension = [&](std::uint64_t d) {
    auto v = static_cast<std::int64_t>(d);
    if (h.shape.size() < 100) h.shape += (h.shape.empty() ? "" : ",") + std::to_string(v);
    h.overflows = h.overflows || v < 0 || __builtin_mul_overflow(h.elements, d, &h.elements) ||
                  h.elements > (1ULL << 58U);
  };
  Field f;
  while (protobuf::read_field(description, f)) {
    if (f.key == num(1)) {
      h.type = f.value;
      typed = true;
    } else if (f.key == num(2)) {
      dimension(f.value);
    } else if (f.key == len(2)) {
      for (Cursor d = f.body; d.ok() && d.left() != 0;) dimension(protobuf::read_varint(d));
    } else {
      description.fail("a description that no tensor has");
    }
  }
  if (c.ok() && (!description.ok() || !typed || h.type >= type_sizes.size()))
    c.fail("no description of a tensor");
  return h;
}

bool is_parameters(const Artifact& a) {
  Cursor c(a.bytes);
  // What a file of zeros and many others begin with is told apart by the description behind it.
  read_tensor_header(c);
  return c.ok();
}

bool recognises(const Artifact& a) { return is_parameters(a) || is_program(a); }

void read_parameters(const Artifact& a, Sink& sink) {
  Cursor c(a.bytes);
  std::size_t tensors = 0;
  while (c.ok() && c.left() != 0 && sink.next()) {
    std::uint64_t at = c.offset();
    Cursor before = c;
    Header h = read_tensor_header(c);
    if (!c.ok()) {
      sink.anomaly("trailing-data", std::to_string(before.left()) + " bytes that are no tensor",
                   {at, before.left()});
      sink.child(a, "tail", before.peek(before.left()), a.owner);
      break;
    }
    std::uint64_t size = type_sizes[h.type];
    if (size == 0)
      return sink.partly("tensors of type " + std::to_string(h.type) + " are not read");
    if (h.overflows || h.elements * size > c.left()) {
      sink.anomaly("overflow",
                   "a tensor of shape " + h.shape + " needs more than the " +
                       std::to_string(c.left()) + " bytes that follow",
                   {at, c.offset() - at});
      c.fail("truncated");
      break;
    }
    c.skip(h.elements * size);
    if (++tensors > max_tensor_facts) continue;
    Fact f{"tensor", {}, {at, c.offset() - at}, "tensor [" + h.shape + "]"};
    f.set("name", "#" + std::to_string(tensors)).set("dtype", std::to_string(h.type));
    f.set("shape", h.shape).set("bytes", std::to_string(h.elements * size));
    sink.add(std::move(f));
  }
  if (tensors > max_tensor_facts)
    sink.partly("only the first " + std::to_string(max_tensor_facts) + " tensors are listed");
  sink.finish(c);
}

struct Reading {
  protobuf::Walk walk;
  protobuf::Operators operators{"paddle"};
};

// OpDesc.Attr {1: name, 2: type, 5: text, 8: texts, …}
void read_attribute(Reading& r, const Field& attribute, std::string& argument) {
  static constexpr std::array<std::string_view, 8> names{
      "file_path", "filename", "file_names",     "endpoint",
      "endpoints", "epmap",    "model_root_dir", "forward_callable_id"};
  std::string_view name;
  std::string text;
  Message m(r.walk, attribute.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        name = f.text();
        break;
      case num(3):
        text = std::to_string(static_cast<std::int32_t>(f.value));
        break;
      case len(5):
      case len(8):
        if (text.empty()) text = f.text().substr(0, 400);
        r.walk.carry("attribute", f);
        break;
      case num(2):
      case f32(4):
      case num(6):
      case len(6):
      case f32(7):
      case len(7):
      case num(10):
      case num(11):
      case len(11):
      case num(12):
      case num(13):
      case num(14):
      case len(14):
      case num(15):
      case len(15):
      case len(16):  // float64s, names of variables, scalars: later versions
      case len(17):
      case len(18):
      case protobuf::f64(19):
      case len(20):
      case len(21):
      case len(22):
        break;
      default:
        r.walk.unknown(f);
    }
  if (std::find(names.begin(), names.end(), name) != names.end()) argument = text;
}

void read_op(Reading& r, const Field& op, const std::string& where) {
  std::string_view type;
  std::string argument;
  Message m(r.walk, op.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(3):
        type = f.text();
        break;
      case len(4):
        read_attribute(r, f, argument);
        break;
      case len(1):  // inputs
      case len(2):  // outputs
      case num(5):  // is_target
        break;
      default:
        r.walk.unknown(f);
    }
  r.operators.seen(type);
  for (const Power& p : powers)
    if (p.op == type)
      r.operators.add({std::string(type), {}, where, std::string(p.power), argument}, op.place());
}

void read_program(const Artifact& a, Sink& sink) {
  Reading r{protobuf::Walk(a, sink, "a Paddle program")};
  Message top(r.walk, Cursor(a.bytes));
  Field part;
  std::uint64_t blocks = 0;
  while (top.next(part)) {
    if (part.key != len(1)) {
      if (part.key != len(2) && part.key != len(3) && part.key != len(4) && part.key != len(5))
        r.walk.unknown(part);
      continue;
    }
    std::string where = "block " + std::to_string(blocks++);
    Message block(r.walk, part.body);
    Field f;
    while (block.next(f)) switch (f.key) {
        case len(4):
          read_op(r, f, where);
          break;
        case num(1):
        case num(2):
        case len(3):  // vars
        case num(5):
          break;
        default:
          r.walk.unknown(f);
      }
  }
  r.operators.put(sink);
  Fact f{
      "model", {}, {}, "Paddle program with " + std::to_string(r.operators.nodes()) + " operators"};
  f.set("format", "paddle").set("name", file_name(a.name)).set("loader", "paddle");
  f.set("framework", "paddle");
  sink.add(std::move(f));
  r.walk.finish();
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("paddle");
  if (is_parameters(a)) return read_parameters(a, sink);
  read_program(a, sink);
}

}  // namespace

extern const Format paddle;
const Format paddle{
    "paddle",
    1,
    "PaddlePaddle programs and parameters",
    "https://github.com/PaddlePaddle/Paddle/blob/develop/paddle/fluid/framework/framework.proto",
    recognises,
    parse};

}  // namespace parapet::formats
