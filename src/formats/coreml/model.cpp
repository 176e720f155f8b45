// Model.proto, CustomModel.proto, LinkedModel.proto of https://github.com/apple/coremltools
// (mlmodel/format).
#include "base/text.h"
#include "formats/coreml/reading.h"
#include "formats/reference/reference.h"

namespace parapet::coreml {
namespace {

using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;

constexpr std::uint64_t max_metadata_facts = 500;
constexpr std::uint64_t max_links = 1000;  // places where linked models are looked for

// {1: key, 2: value}
void read_user_metadata(Reading& r, const Field& entry) {
  std::string_view key = protobuf::text_of(entry.body, len(1));
  std::optional<Field> value = protobuf::find_last(entry.body, len(2));
  if (!value) return;
  put_metadata(r, key, value->text(), entry.place());
  r.walk.carry(key, *value);
}

// ModelDescription {1, 10: features, 100: Metadata {1: description, 2: version, 3: author,
// 4: licence, 100: map of the user's own}}
void read_description(Reading& r, const Field& description) {
  Message m(r.walk, description.body);
  Field part;
  while (m.next(part)) {
    if (part.key != len(100)) continue;
    Message metadata(r.walk, part.body);
    Field f;
    while (metadata.next(f)) switch (f.key) {
        case len(1):
          put_metadata(r, "description", f.text(), f.place());
          break;
        case len(2):
          put_metadata(r, "version", f.text(), f.place());
          break;
        case len(3):
          put_metadata(r, "author", f.text(), f.place());
          break;
        case len(4):
          put_metadata(r, "license", f.text(), f.place());
          break;
        case len(100):
          read_user_metadata(r, f);
          break;
        default:
          r.walk.unknown(f);
      }
  }
}

// Pipeline {1: models, 2: names}
void read_pipeline(Reading& r, const Field& pipeline) {
  Message m(r.walk, pipeline.body);
  Field f;
  std::uint64_t index = 0;
  while (m.next(f)) switch (f.key) {
      case len(1):
        read_model(r, f.body, "pipeline stage " + std::to_string(index++));
        break;
      case len(2):
        break;
      default:
        r.walk.unknown(f);
    }
}

// PipelineClassifier and PipelineRegressor {1: Pipeline}
void read_wrapped_pipeline(Reading& r, const Field& wrapper) {
  Message m(r.walk, wrapper.body);
  Field f;
  while (m.next(f))
    if (f.key == len(1)) read_pipeline(r, f);
}

// StringParameter {1: defaultValue}
std::string_view parameter_text(const std::optional<Field>& parameter) {
  return parameter ? protobuf::text_of(parameter->body, len(1)) : std::string_view();
}

// LinkedModel {1: LinkedModelFile {1: name, 2: search path, parts separated by ':'}}
void read_linked(Reading& r, const Field& linked, const std::string& where) {
  Message m(r.walk, linked.body);
  Field f;
  while (m.next(f)) {
    if (f.key != len(1)) {
      r.walk.unknown(f);
      continue;
    }
    std::string_view name = parameter_text(protobuf::find_last(f.body, len(1)));
    std::string_view folders = parameter_text(protobuf::find_last(f.body, len(2)));
    for (std::string_view folder : split(folders, ':')) {
      if (!r.walk.sink.next() || ++r.links > max_links) return;
      std::string path = folder.empty() || folder.starts_with('$')
                             ? std::string(name)
                             : std::string(folder) + "/" + std::string(name);
      reference::add(r.walk.sink, {.what = "include",
                                   .target = path,
                                   .format = "coreml",
                                   .by = "the model linked in " + where,
                                   .place = f.place()});
    }
  }
}

}  // namespace

void put_metadata(Reading& r, std::string_view key, std::string_view value, const Place& place) {
  if (value.empty() || ++r.metadata > max_metadata_facts) return;
  Fact f{"metadata", {}, place, printable(key, 60) + ": " + printable(value, 120)};
  f.set("key", key.substr(0, 200)).set("value", value.substr(0, 400)).set("format", "coreml");
  r.walk.sink.add(std::move(f));
}

void read_custom(Reading& r, const Field& custom, std::uint32_t class_field, std::string_view kind,
                 const std::string& where) {
  std::string_view class_name;
  Message m(r.walk, custom.body);
  Field f;
  while (m.next(f)) {
    if (f.key == len(class_field)) class_name = f.text();
    if (f.key != len(30)) continue;
    // A parameter {1: name, 2: {20: text, 60: bytes}}: what the app's class is told to do.
    std::string_view name = protobuf::text_of(f.body, len(1));
    std::optional<Field> value = protobuf::find_last(f.body, len(2));
    if (!value) continue;
    if (std::optional<Field> text = protobuf::find_last(value->body, len(20)))
      put_metadata(r, "parameter " + std::string(name.substr(0, 100)), text->text(), text->place());
    for (std::uint32_t key : {len(20), len(60)})
      if (std::optional<Field> part = protobuf::find_last(value->body, key))
        r.walk.carry(name, *part);
  }
  protobuf::Operator op{
      std::string(kind), {}, where, "custom", std::string(class_name.substr(0, 400))};
  r.operators.add(std::move(op), custom.place());
}

void read_model(Reading& r, Cursor body, const std::string& where) {
  Message m(r.walk, body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(2):
        read_description(r, f);
        break;
      case len(200):
      case len(201):
        read_wrapped_pipeline(r, f);
        break;
      case len(202):
        read_pipeline(r, f);
        break;
      case len(303):  // a neural network that regresses, classifies, or neither
      case len(403):
      case len(500):
        read_network(r, f, where);
        break;
      case len(502):
        read_program(r, f);
        break;
      case len(555):
        read_custom(r, f, 1, "custom model", where);
        break;
      case len(556):
        read_linked(r, f, where);
        break;
      case len(3000):
        r.walk.sink.partly("a serialized model of its own format is not read");
        break;
      case num(1):
      case num(10):
        break;
      default:
        if ((f.key & 7U) != 2 || f.number() < 200 || f.number() > 2999) r.walk.unknown(f);
    }
}

}  // namespace parapet::coreml
