// TensorFlow's graphs: SavedModel {1: schema version, 2: MetaGraphDef}, a MetaGraphDef alone
// (.meta), a GraphDef alone (a frozen .pb, or one inside another graph's constant), Keras' saved
// metadata beside a SavedModel, and all of them as text (.pbtxt).
// https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/protobuf
#include "base/text.h"
#include "formats/format.h"
#include "formats/protobuf/text.h"
#include "formats/reference/reference.h"
#include "formats/tensorflow/graph.h"

namespace parapet::formats {
namespace {

using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;
using tensorflow::Reading;

constexpr std::size_t max_assets = 100'000;
constexpr std::uint64_t max_references = 200;  // to what lies where it should
constexpr std::uint64_t max_notes = 200;       // tags, versions, signatures

enum class Shape { none, saved_model, meta_graph, graph, keras_metadata, text };

bool is_meta_graph(Cursor body) {
  Outline o = outline(body, {len(1), len(2), len(7)});
  if (!o.sound && !o.cut) return false;
  if (const Field* info = o.largest(len(1))) {
    // {4: tags, 5: TensorFlow's version, 6: its commit}
    Outline i = outline(info->body, {len(4), len(5)});
    const Field *tag = i.last(len(4)), *version = i.last(len(5));
    if (version != nullptr && !version->text().empty() && is_digit(version->text()[0])) return true;
    if (tag != nullptr && protobuf::is_word(tag->text()) && (o.has(len(2)) || o.has(len(7))))
      return true;
  }
  const Field* graph = o.largest(len(2));
  return graph != nullptr && tensorflow::is_graph(graph->body, false);
}

// {1: SavedObject {2: node_id, 3: node_path, 4: identifier "_tf_keras_…", 5: JSON}}
bool is_keras_metadata(const Outline& top) {
  const Field* object = top.largest(len(1));
  if (object == nullptr) return false;
  Outline o = outline(object->body, {len(4)});
  const Field* identifier = o.last(len(4));
  return identifier != nullptr && identifier->text().starts_with("_tf_keras_");
}

bool is_text_form(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 4096);
  bool starts = false;
  for (std::string_view word : {"node {", "node{", "node: {", "meta_graphs {", "meta_info_def {",
                                "saved_model_schema_version:", "library {"})
    starts = starts || contains(s, word);
  return starts && looks_like_text(a.bytes.first(std::min<std::size_t>(a.bytes.size(), 4096))) &&
         (contains(s, "op:") || extension(a.name) == "pbtxt") && !contains(s, "op_type:");
}

Shape shape_of(const Artifact& a) {
  Outline top = outline(Cursor(a.bytes), {num(1), len(1), len(2)});
  if (!top.sound && !top.cut) return is_text_form(a) ? Shape::text : Shape::none;
  if (is_keras_metadata(top)) return Shape::keras_metadata;
  const Field* second = top.largest(len(2));
  bool holds_meta_graph = second != nullptr && is_meta_graph(second->body);
  // A MetaGraphDef's graph may pass for another one, were it not for what stands before it.
  if (holds_meta_graph && (top.has(num(1)) || !top.has(len(1)))) return Shape::saved_model;
  std::string ext = extension(a.name);
  if (tensorflow::is_graph(Cursor(a.bytes), ext == "pb" || ext == "pbgraph")) return Shape::graph;
  if (is_meta_graph(Cursor(a.bytes))) return Shape::meta_graph;
  if (holds_meta_graph) return Shape::saved_model;
  return is_text_form(a) ? Shape::text : Shape::none;
}

bool recognises(const Artifact& a) { return shape_of(a) != Shape::none; }

// The JSON that describes a Keras layer or model, where all that Keras does at loading stands.
void keras_config(Reading& r, std::string_view path, const Field& f) {
  if (trim(f.text()).empty()) return;
  std::string name = path.empty() ? "object@" + std::to_string(f.at) : printable(path, 100);
  r.walk.sink.child(r.walk.artifact, "keras_metadata/" + name + ".json", f.bytes(),
                    r.walk.artifact.owner);
}

// SavedUserObject {1: identifier, 2: version, 3: metadata}
void read_user_object(Reading& r, const Field& object) {
  Message m(r.walk, object.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(3):
        keras_config(r, {}, f);
        break;
      case len(1):
      case len(2):
        break;
      default:
        r.walk.unknown(f);
    }
}

// SavedObjectGraph {1: nodes, 2: concrete functions}; of a node only the user's object says more
// than its graph. {4: user object, 14: serialized user proto}
void read_objects(Reading& r, const Field& objects) {
  Message m(r.walk, objects.body);
  Field node;
  while (m.next(node)) {
    if (node.key != len(1)) continue;
    Message parts(r.walk, node.body);
    Field f;
    while (parts.next(f))
      if (f.key == len(4)) read_user_object(r, f);
  }
}

// AssetFileDef {1: TensorInfo {1: name}, 2: filename}: read from the model's folder "assets".
void read_asset(Reading& r, const Field& asset) {
  Message m(r.walk, asset.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        if (std::string_view name = protobuf::text_of(f.body, len(1));
            !name.empty() && r.assets.size() < max_assets)
          r.assets.emplace(name.substr(0, name.find(':')));
        break;
      case len(2):
        if (reference::problem_of(f.text()).empty() && ++r.references > max_references) break;
        reference::add(r.walk.sink, {.what = "external-data",
                                     .target = f.text(),
                                     .format = "tensorflow",
                                     .by = "an asset",
                                     .place = f.place()});
        break;
      default:
        r.walk.unknown(f);
    }
}

// An entry of the collections {1: name, 2: CollectionDef {5: AnyList {1: Any {1: type, 2:
// value}}}}: loaders look there for assets when they stand nowhere else.
void read_collection(Reading& r, const Field& entry) {
  std::optional<Field> collection = protobuf::find_last(entry.body, len(2));
  if (!collection) return;
  std::optional<Field> list = protobuf::find_last(collection->body, len(5));
  if (!list) return;
  Message m(r.walk, list->body);
  Field any;
  while (m.next(any)) {
    if (any.key != len(1) || !contains(protobuf::text_of(any.body, len(1)), "AssetFileDef"))
      continue;
    if (std::optional<Field> asset = protobuf::find_last(any.body, len(2))) read_asset(r, *asset);
  }
}

void read_info(Reading& r, const Field& info) {
  Message m(r.walk, info.body);
  Field f;
  while (m.next(f)) {
    if ((f.key != len(4) && f.key != len(5)) || ++r.notes > max_notes) continue;
    Fact fact{"metadata", {}, f.place(), {}};
    std::string_view key = f.key == len(4) ? "tag" : "tensorflow_version";
    fact.says = std::string(key) + ": " + printable(f.text(), 60);
    fact.set("key", key).set("value", f.text().substr(0, 200)).set("format", "tensorflow");
    r.walk.sink.add(std::move(fact));
  }
}

void read_signature(Reading& r, const Field& entry) {
  std::string_view name = protobuf::text_of(entry.body, len(1));
  if (++r.notes > max_notes) return;
  Fact fact{"metadata", {}, entry.place(), "signature: " + printable(name, 80)};
  fact.set("key", "signature").set("value", name.substr(0, 200)).set("format", "tensorflow");
  r.walk.sink.add(std::move(fact));
}

void read_meta_graph(Reading& r, Cursor body) {
  // Assets first: operators that read them are no strangers.
  {
    Message m(r.walk, body);
    Field f;
    while (m.next(f)) {
      if (f.key == len(6)) read_asset(r, f);
      if (f.key == len(4)) read_collection(r, f);
    }
  }
  std::vector<Cursor> graph;
  Message m(r.walk, body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        read_info(r, f);
        break;
      case len(2):
        graph.push_back(f.body);
        break;
      case len(5):
        read_signature(r, f);
        break;
      case len(7):
        read_objects(r, f);
        break;
      case len(3):  // saver
      case len(4):  // collections
      case len(6):
        break;
      default:
        r.walk.unknown(f);
    }
  tensorflow::read_graph(r, graph);
}

void read_saved_model(Reading& r) {
  Message m(r.walk, Cursor(r.walk.artifact.bytes));
  Field f;
  while (m.next(f)) switch (f.key) {
      case num(1):
        if (f.value != 1)
          r.walk.sink.partly("SavedModel schema " + std::to_string(f.value) + " is not known");
        break;
      case len(2):
        read_meta_graph(r, f.body);
        break;
      default:
        r.walk.unknown(f);
    }
}

void read_keras_metadata(Reading& r) {
  Message m(r.walk, Cursor(r.walk.artifact.bytes));
  Field object;
  while (m.next(object)) {
    if (object.key != len(1)) {
      r.walk.unknown(object);
      continue;
    }
    std::string_view path;
    Message parts(r.walk, object.body);
    Field f;
    while (parts.next(f)) switch (f.key) {
        case len(3):
          path = f.text();
          break;
        case len(5):
          keras_config(r, path, f);
          break;
        case len(1):
        case num(1):
        case num(2):
        case len(4):
        case len(6):
          break;
        default:
          r.walk.unknown(f);
      }
  }
}

// The text form: the operators and what names their files as an attribute. Constants are not
// followed.
void read_text(Reading& r) {
  protobuf::TextReader text(as_text(r.walk.artifact.bytes));
  protobuf::TextEvent e;
  using Kind = protobuf::TextEvent::Kind;
  while (r.walk.sink.next() && text.next(e)) {
    if (e.kind != Kind::value || e.name != "op" || text.path().empty() ||
        (text.path().back() != "node" && text.path().back() != "node_def"))
      continue;
    r.operators.seen(e.value);
    const tensorflow::Power* power = tensorflow::power_of(e.value);
    if (power == nullptr || power->only_with_path) continue;
    r.operators.add({e.value,
                     {},
                     text.path().back() == "node" ? "graph" : "function",
                     std::string(power->power)},
                    {e.offset, e.length, e.line, e.column, {}});
  }
  r.walk.sink.partly(text.ok() ? "of a graph in text form only the operators' names are read"
                               : "not protobuf's text form from offset " +
                                     std::to_string(text.offset()) + " on");
}

void parse(const Artifact& a, Sink& sink) {
  Shape shape = shape_of(a);
  sink.is("tensorflow");
  Reading r(a, sink);
  std::string_view format = "graphdef";
  if (shape == Shape::saved_model) {
    format = "savedmodel";
    read_saved_model(r);
  } else if (shape == Shape::meta_graph) {
    format = "metagraph";
    read_meta_graph(r, Cursor(a.bytes));
  } else if (shape == Shape::keras_metadata) {
    format = "keras-metadata";
    read_keras_metadata(r);
  } else if (shape == Shape::text) {
    read_text(r);
  } else {
    tensorflow::read_graph(r, {Cursor(a.bytes)});
  }
  r.operators.put(sink);
  Fact f{"model",
         {},
         {},
         "TensorFlow " + std::string(format) + " with " + std::to_string(r.operators.nodes()) +
             " nodes"};
  f.set("format", format).set("name", file_name(a.name)).set("loader", "tensorflow");
  f.set("framework", "tensorflow");
  sink.add(std::move(f));
  if (r.tensors > 2000) sink.partly("only the first 2000 tensors are listed");
  r.walk.finish();
}

}  // namespace

extern const Format tensorflow;
const Format tensorflow{"tensorflow",
                        1,
                        "TensorFlow SavedModels, graphs and Keras' saved metadata",
                        "https://www.tensorflow.org/guide/saved_model",
                        recognises,
                        parse};

}  // namespace parapet::formats
