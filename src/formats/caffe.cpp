// Caffe: NetParameter {1: name, 100: layers, 2: layers of the first form} as .caffemodel, or in
// protobuf's text form as .prototxt. A layer of type Python names a module and a class that Caffe
// imports. https://github.com/BVLC/caffe/blob/master/src/caffe/proto/caffe.proto
#include "base/text.h"
#include "formats/format.h"
#include "formats/protobuf/operators.h"
#include "formats/protobuf/text.h"
#include "formats/protobuf/wire.h"
#include "formats/reference/reference.h"

namespace parapet::formats {
namespace {

using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

constexpr std::size_t max_references = 1000;

// {1: name, 2: type}; of the first form {4: name, 5: type's number}
bool is_layer(const Field& f, std::uint32_t name, std::uint32_t type) {
  Outline layer = outline(f.body, {name, type});
  const Field *n = layer.last(name), *t = layer.last(type);
  return n != nullptr && t != nullptr && protobuf::is_word(n->text()) &&
         ((type & 7U) == 0 ? t->value < 64 : protobuf::is_word(t->text()));
}

bool is_net(const Artifact& a) {
  Outline top = outline(Cursor(a.bytes), {len(100), len(2)});
  if (!top.sound && !top.cut) return false;
  const Field *layer = top.largest(len(100)), *old = top.largest(len(2));
  return (layer != nullptr && is_layer(*layer, len(1), len(2))) ||
         (old != nullptr && is_layer(*old, len(4), num(5)));
}

bool is_text(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 4096);
  return (contains(s, "layer {") || contains(s, "layer{") || contains(s, "layers {") ||
          extension(a.name) == "prototxt") &&
         contains(s, "type:") && looks_like_text(a.bytes.first(s.size()));
}

bool recognises(const Artifact& a) { return is_net(a) || is_text(a); }

// What is judged of a layer, from either form.
struct Layer {
  std::string name, type, module, python_class, source, output;
  Place place;
};

struct Reading {
  Reading(const Artifact& a, Sink& s) : walk(a, s, "Caffe") {}
  protobuf::Walk walk;
  protobuf::Operators operators{"caffe"};
  std::size_t references = 0;
};

void judge(Reading& r, const Layer& l) {
  r.operators.seen(l.type);
  if (l.type == "Python" || !l.module.empty())
    r.operators.add({"Python", {}, "net", "executes-code", l.module + "." + l.python_class},
                    l.place);
  if (l.type == "HDF5Output" || !l.output.empty())
    r.operators.add({"HDF5Output", {}, "net", "writes-files", l.output}, l.place);
  if (!l.source.empty() && ++r.references <= max_references)
    reference::add(r.walk.sink, {.what = "dataset",
                                 .target = l.source,
                                 .format = "caffe",
                                 .by = "layer \"" + printable(l.name, 60) + "\"",
                                 .place = l.place});
}

std::string text_in(const Field& f, std::uint32_t key) {
  return std::string(protobuf::text_of(f.body, key).substr(0, 400));
}

void read_layer(Reading& r, const Field& field, bool old) {
  Layer l;
  l.place = field.place();
  Message m(r.walk, field.body);
  Field f;
  while (m.next(f)) {
    // Sources of data stand first in each of these: Data, HDF5Data, ImageData, WindowData.
    bool is_source =
        old ? f.key == len(11) || f.key == len(13) || f.key == len(15) || f.key == len(20)
            : f.key == len(107) || f.key == len(112) || f.key == len(115) || f.key == len(129);
    if (is_source) l.source = text_in(f, len(1));
    if (f.key == (old ? len(4) : len(1))) l.name = f.text().substr(0, 400);
    if (old && f.key == num(5)) l.type = std::to_string(f.value);
    if (f.key == (old ? len(14) : len(113))) l.output = text_in(f, len(1));
    if (old) continue;
    if (f.key == len(2)) l.type = f.text().substr(0, 400);
    if (f.key == len(130)) {
      l.module = text_in(f, len(1));
      l.python_class = text_in(f, len(2));
    }
    if (f.key == len(7)) r.walk.check_head(l.name, f);
  }
  judge(r, l);
}

void read_net(Reading& r) {
  Message m(r.walk, Cursor(r.walk.artifact.bytes));
  Field f;
  while (m.next(f)) {
    if (f.key == len(100)) read_layer(r, f, false);
    if (f.key == len(2)) read_layer(r, f, true);
  }
}

void read_text(Reading& r) {
  protobuf::TextReader text(as_text(r.walk.artifact.bytes));
  protobuf::TextEvent e;
  Layer l;
  using Kind = protobuf::TextEvent::Kind;
  while (r.walk.sink.next() && text.next(e)) {
    const auto& path = text.path();
    bool is_layer = e.name == "layer" || e.name == "layers";
    if (e.kind == Kind::open && is_layer && path.size() == 1) {
      l = {};
      l.place = {e.offset, 0, e.line, e.column, {}};
    } else if (e.kind == Kind::close && is_layer && path.empty()) {
      l.place.length = e.offset + 1 - l.place.offset;
      judge(r, l);
    } else if (e.kind == Kind::value && path.size() == 1) {
      if (e.name == "type") l.type = e.value;
      if (e.name == "name") l.name = e.value;
    } else if (e.kind == Kind::value && path.size() == 2) {
      if (path[1] == "python_param" && e.name == "module") l.module = e.value;
      if (path[1] == "python_param" && e.name == "layer") l.python_class = e.value;
      if (path[1] == "hdf5_output_param" && e.name == "file_name") l.output = e.value;
      if (path[1].ends_with("data_param") && e.name == "source") l.source = e.value;
    }
  }
  if (!text.ok())
    r.walk.sink.partly("not protobuf's text form from offset " + std::to_string(text.offset()) +
                       " on");
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("caffe");
  Reading r(a, sink);
  if (is_text(a) && !is_net(a))
    read_text(r);
  else
    read_net(r);
  r.operators.put(sink);
  Fact f{"model", {}, {}, "Caffe net with " + std::to_string(r.operators.nodes()) + " layers"};
  f.set("format", "caffe").set("name", file_name(a.name)).set("loader", "caffe");
  f.set("framework", "caffe");
  sink.add(std::move(f));
  r.walk.finish();
}

}  // namespace

extern const Format caffe;
const Format caffe{"caffe",
                   1,
                   "Caffe nets: Python layers, files that layers read and write",
                   "https://github.com/BVLC/caffe/blob/master/src/caffe/proto/caffe.proto",
                   recognises,
                   parse};

}  // namespace parapet::formats
