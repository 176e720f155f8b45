// Core ML: a protobuf Model {1: specificationVersion, 2: description, and one of 200 … 3000: the
// model itself} as .mlmodel; an .mlpackage is a folder whose Manifest.json says where that lies.
// https://apple.github.io/coremltools/mlmodel/index.html
#include "base/text.h"
#include "formats/coreml/reading.h"
#include "formats/format.h"
#include "formats/reference/reference.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

using protobuf::Field;
using protobuf::len;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

struct Type {
  std::uint32_t field;
  std::string_view name;
};
constexpr Type types[] = {{200, "pipelineClassifier"},
                          {201, "pipelineRegressor"},
                          {202, "pipeline"},
                          {300, "glmRegressor"},
                          {301, "supportVectorRegressor"},
                          {302, "treeEnsembleRegressor"},
                          {303, "neuralNetworkRegressor"},
                          {304, "bayesianProbitRegressor"},
                          {400, "glmClassifier"},
                          {401, "supportVectorClassifier"},
                          {402, "treeEnsembleClassifier"},
                          {403, "neuralNetworkClassifier"},
                          {404, "kNearestNeighborsClassifier"},
                          {500, "neuralNetwork"},
                          {501, "itemSimilarityRecommender"},
                          {502, "mlProgram"},
                          {555, "customModel"},
                          {556, "linkedModel"},
                          {560, "classConfidenceThresholding"},
                          {600, "oneHotEncoder"},
                          {601, "imputer"},
                          {602, "featureVectorizer"},
                          {603, "dictVectorizer"},
                          {604, "scaler"},
                          {606, "categoricalMapping"},
                          {607, "normalizer"},
                          {609, "arrayFeatureExtractor"},
                          {610, "nonMaximumSuppression"},
                          {900, "identity"},
                          {2000, "textClassifier"},
                          {2001, "wordTagger"},
                          {2002, "visionFeaturePrint"},
                          {2003, "soundAnalysisPreprocessing"},
                          {2004, "gazetteer"},
                          {2005, "wordEmbedding"},
                          {2006, "audioFeaturePrint"},
                          {3000, "serializedModel"}};

Outline outline_of(const Artifact& a) {
  std::vector<std::uint32_t> keys{num(1)};
  for (const Type& t : types) keys.push_back(len(t.field));
  return outline(Cursor(a.bytes), keys);
}

const Type* type_of(const Outline& model) {
  for (const Type& t : types)
    if (model.has(len(t.field))) return &t;
  return nullptr;
}

bool is_manifest(const Artifact& a) {
  std::string_view head = as_text(a.bytes).substr(0, 4096);
  return contains(head, "\"itemInfoEntries\"") && contains(head, "\"rootModelIdentifier\"");
}

bool is_model(const Outline& top) {
  const Field* version = top.last(num(1));
  return (top.sound || top.cut) && version != nullptr && version->value >= 1 &&
         version->value < 1000 && type_of(top) != nullptr;
}

bool recognises(const Artifact& a) { return is_manifest(a) || is_model(outline_of(a)); }

// {"itemInfoEntries": {ID: {"path": …, "author", "description", "name"}}, "rootModelIdentifier":
// ID}
void read_manifest(const Artifact& a, Sink& sink) {
  Parsed parsed = parse_json(as_text(a.bytes).substr(0, 1U << 20U), [&] { return sink.next(); });
  if (!parsed.ok()) sink.partly(parsed.problem);
  if (parsed.documents.empty()) return;
  const Node* items = parsed.documents[0].root.at("itemInfoEntries");
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->items.size() && sink.next(); ++i)
    if (const Node* path = items->items[i].at("path"); path != nullptr && path->is_scalar())
      reference::add(sink, {.what = "include",
                            .target = path->text,
                            .format = "coreml",
                            .by = "an item of the package",
                            .place = path->place("itemInfoEntries." + items->keys[i].text)});
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("coreml");
  if (is_manifest(a)) return read_manifest(a, sink);
  Outline top = outline_of(a);
  coreml::Reading r(a, sink);
  coreml::read_model(r, Cursor(a.bytes), "model");
  r.operators.put(sink);
  const Type* type = type_of(top);
  const Field* version = top.last(num(1));
  std::string number = version != nullptr ? std::to_string(version->value) : "";
  Fact f{"model",
         {},
         {},
         "Core ML " + std::string(type != nullptr ? type->name : "model") + ", specification " +
             number};
  f.set("format", "coreml").set("name", file_name(a.name)).set("loader", "coreml");
  f.set("framework", "coreml").set("version", number);
  if (type != nullptr) coreml::put_metadata(r, "type", type->name, {});
  sink.add(std::move(f));
  r.walk.finish();
}

}  // namespace

extern const Format coreml;
const Format coreml{"coreml",
                    1,
                    "Core ML models: custom layers, linked models, pipelines, packages",
                    "https://apple.github.io/coremltools/mlmodel/index.html",
                    recognises,
                    parse};

}  // namespace parapet::formats
