// CNTK models of version 2: a protobuf Dictionary {1: version, 2: map of DictionaryValue {2: type,
// 8: text, 11: Vector, 12: Dictionary, 13: array, …}}. A user-defined function is a dictionary that
// names a module: of Python, imported when the model is loaded, or ("native") a shared library.
// https://github.com/microsoft/CNTK/blob/master/Source/CNTKv2LibraryDll/proto/CNTK.proto
#include "base/text.h"
#include "formats/format.h"
#include "formats/protobuf/operators.h"
#include "formats/protobuf/wire.h"
#include "formats/reference/reference.h"

namespace parapet::formats {
namespace {

using protobuf::f32;
using protobuf::f64;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

// An entry of a dictionary: {1: key, 2: {2: type, …}}
bool is_entry(const Field& f) {
  Outline entry = outline(f.body, {len(1), len(2)});
  const Field *key = entry.last(len(1)), *value = entry.largest(len(2));
  if (key == nullptr || value == nullptr || !protobuf::is_word(key->text())) return false;
  Outline v = outline(value->body, {num(2)});
  const Field* type = v.last(num(2));
  return (v.sound || v.cut) && type != nullptr && type->value <= 11;
}

bool recognises(const Artifact& a) {
  Outline top = outline(Cursor(a.bytes), {num(1), len(2)});
  const Field *version = top.last(num(1)), *entry = top.largest(len(2));
  return (top.sound || top.cut) && version != nullptr && version->value <= 64 && entry != nullptr &&
         is_entry(*entry);
}

struct Reading {
  Reading(const Artifact& a, Sink& s) : walk(a, s, "CNTK") {}
  protobuf::Walk walk;
  protobuf::Operators operators{"cntk"};
};

struct Value {
  std::string_view text;
  std::uint64_t number = 0;
};

Value read_value(Reading& r, const Field& value);

void read_dictionary(Reading& r, Cursor body, const Place& place) {
  std::string_view module, method, class_name, type, op;
  bool native = false, has_op = false;
  Message m(r.walk, body);
  Field f;
  while (m.next(f)) {
    if (f.key == num(1)) continue;
    if (f.key != len(2)) {
      r.walk.unknown(f);
      continue;
    }
    std::string_view key;
    Value value;
    Message entry(r.walk, f.body);
    Field part;
    while (entry.next(part)) {
      if (part.key == len(1)) key = part.text();
      if (part.key == len(2)) value = read_value(r, part);
    }
    if (key == "module") module = value.text;
    if (key == "deserialize_method") method = value.text;
    if (key == "class") class_name = value.text;
    if (key == "type") type = value.text;
    if (key == "native") native = value.number != 0;
    if (key == "op") {
      op = value.text;
      has_op = true;
    }
  }
  if (has_op) r.operators.seen(op.empty() ? type : op);
  native = native || type == "NativeUserDefinedFunction";
  if (module.empty() || (method.empty() && class_name.empty() && !native)) return;
  if (native)
    reference::add(r.walk.sink, {.what = "library",
                                 .target = module,
                                 .format = "cntk_v2",
                                 .by = "a user-defined function",
                                 .place = place});
  std::string argument(module.substr(0, 200));
  for (std::string_view more : {class_name, method})
    if (!more.empty()) argument += "." + std::string(more.substr(0, 200));
  r.operators.add({native ? "native user-defined function" : "Python user-defined function",
                   {},
                   "model",
                   "executes-code",
                   argument},
                  place);
}

Value read_value(Reading& r, const Field& value) {
  Value out;
  Message m(r.walk, value.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case num(3):
      case num(5):
        out.number = f.value;
        break;
      case len(8):
        out.text = f.text();
        r.walk.carry("text", f);
        break;
      case len(11): {
        Message items(r.walk, f.body);
        Field item;
        while (items.next(item))
          if (item.key == len(1)) read_value(r, item);
        break;
      }
      case len(12):
        read_dictionary(r, f.body, f.place());
        break;
      case num(1):
      case num(2):
      case num(4):
      case f32(6):
      case f64(7):
      case len(9):   // shape
      case len(10):  // axis
      case len(13):  // array
        break;
      default:
        r.walk.unknown(f);
    }
  return out;
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("cntk");
  Reading r(a, sink);
  read_dictionary(r, Cursor(a.bytes), {});
  r.operators.put(sink);
  Fact f{"model", {}, {}, "CNTK model with " + std::to_string(r.operators.nodes()) + " functions"};
  f.set("format", "cntk").set("name", file_name(a.name)).set("loader", "cntk");
  f.set("framework", "cntk");
  sink.add(std::move(f));
  r.walk.finish();
}

}  // namespace

extern const Format cntk_v2;
const Format cntk_v2{
    "cntk_v2",
    1,
    "CNTK models: user-defined functions, native libraries",
    "https://github.com/microsoft/CNTK/blob/master/Source/CNTKv2LibraryDll/proto/CNTK.proto",
    recognises,
    parse};

}  // namespace parapet::formats
