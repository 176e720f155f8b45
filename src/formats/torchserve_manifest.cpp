// The manifest of a TorchServe archive (.mar): MAR-INF/MANIFEST.json {"runtime", "model":
// {"modelName", "modelVersion", "handler", "serializedFile", "modelFile", "requirementsFile"}}. The
// handler is Python that the server imports; the requirements are installed where
// install_py_dep_per_model is on.
// https://github.com/pytorch/serve/blob/master/model-archiver/README.md
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/reference/reference.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

// Handlers that TorchServe itself has.
constexpr std::string_view own_handlers[] = {"image_classifier", "image_segmenter",
                                             "object_detector",  "text_classifier",
                                             "text_generator",   "base_handler"};

bool recognises(const Artifact& a) {
  std::string_view head = as_text(a.bytes).substr(0, 4096);
  return file_name(a.name) == "MANIFEST.json" && contains(head, "\"model\"") &&
         (contains(head, "\"handler\"") || contains(head, "\"modelName\""));
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("torchserve");
  std::size_t count = 0;
  Parsed parsed = parse_json(as_text(a.bytes), [&] { return ++count < 10'000 && sink.next(); });
  if (!parsed.ok()) {
    sink.anomaly("malformed", parsed.problem, parsed.problem_at);
    sink.partly(parsed.problem);
  }
  const Node* model = parsed.documents.empty() ? nullptr : parsed.documents[0].root.at("model");
  if (model == nullptr) return;
  struct Named {
    std::string_view key, what;
  };
  for (Named named : {Named{"handler", "code"},
                      {"modelFile", "code"},
                      {"serializedFile", "weights"},
                      {"requirementsFile", "download"},
                      {"configFile", "include"}}) {
    const Node* n = model->at(named.key);
    if (n == nullptr || !n->is_scalar() || n->text.empty()) continue;
    bool own = std::find(std::begin(own_handlers), std::end(own_handlers), n->text) !=
               std::end(own_handlers);
    if (named.key == "handler" && own) continue;
    // "service.py:handle" names a function of the file.
    std::string target = n->text.substr(0, 400);
    if (named.key == "handler" && !contains(target, "://"))
      target = target.substr(0, target.rfind(':') == 1 ? target.size() : target.rfind(':'));
    Fact f{"reference",
           {},
           n->place("model." + std::string(named.key)),
           std::string(named.key) + " is " + printable(n->text, 100)};
    f.set("what", named.what).set("target", target).set("format", "torchserve");
    std::string_view problem = reference::problem_of(target);
    if (!problem.empty()) f.set("problem", problem);
    sink.add(std::move(f));
  }
  Fact f{"model",
         {},
         model->place("model"),
         "the TorchServe model " + printable(model->text_at("modelName"), 60)};
  f.set("format", "torch-model-archive").set("name", model->text_at("modelName").substr(0, 100));
  f.set("loader", "torchserve").set("version", model->text_at("modelVersion").substr(0, 40));
  sink.add(std::move(f));
}

}  // namespace

extern const Format torchserve_manifest;
const Format torchserve_manifest{
    "torchserve_manifest",
    1,
    "TorchServe archives: the handler and files of their manifest",
    "https://github.com/pytorch/serve/blob/master/model-archiver/README.md",
    recognises,
    parse};

}  // namespace parapet::formats
