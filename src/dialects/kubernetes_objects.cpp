// Kubernetes objects of every kind as one `object` fact each, custom resources too: their fields
// under the names of the API. Pods in them are the dialect `kubernetes`'s.
// https://kubernetes.io/docs/reference/kubernetes-api/
#include "dialects/common/leaves.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

// ConfigMaps and Secrets hold whole files: their keys are `setting` facts of the dialect
// `kubernetes`.
bool holds_files(std::string_view kind) { return kind == "ConfigMap" || kind == "Secret"; }

void object(const Node& n, Sink& sink, unsigned depth) {
  std::string_view kind = n.text_at("kind");
  std::string_view version = n.text_at("apiVersion");
  if (kind.empty() || version.empty()) return;
  if (kind == "List" && depth == 0) {
    if (const Node* items = n.at("items"); items != nullptr)
      for (const Node& item : items->items) object(item, sink, depth + 1);
    return;
  }
  if (holds_files(kind)) return;
  std::string name(n.text_at("metadata.name"));
  Fact f{"object", {}, n.place(), std::string(kind) + (name.empty() ? "" : " " + name)};
  f.place.length = 0;
  f.set("type", kind).set("group", version.substr(0, version.find('/')));
  add_leaves(f, n, sink);
  sink.add(std::move(f));
}

void read(const Artifact&, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents)
    if (d.root.is_map() && (d.syntax == "yaml" || d.syntax == "json")) object(d.root, sink, 0);
}

}  // namespace

extern const Dialect kubernetes_objects;
const Dialect kubernetes_objects{
    "kubernetes_objects", "Kubernetes objects and custom resources, field by field", read, nullptr};

}  // namespace parapet::dialects
