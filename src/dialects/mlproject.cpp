// MLflow projects: what `mlflow run` executes. https://mlflow.org/docs/latest/projects.html
#include "base/text.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    const Node* entries = d.syntax == "yaml" ? d.root.at("entry_points") : nullptr;
    if (entries == nullptr || !entries->is_map()) continue;
    sink.is("mlproject");
    Source source(a);
    for (const Node& e : entries->items) {
      const Node* cmd = e.at("command");
      if (cmd == nullptr || !cmd->is_scalar() || !sink.next()) continue;
      ContainerCommand c;
      c.node = cmd;
      c.via = "mlproject";
      for (std::int32_t p : add_command(sink, source, c))
        // {name} is put into the shell text as it comes.
        if (contains(cmd->text, "{")) sink.fact(p).set("interpolated", "yes");
    }
    const Node* image = d.root.find("docker_env.image");
    if (image != nullptr && image->is_scalar())
      sink.add(image_fact(image->text, is_known(image->text), "mlproject", image->place()));
  }
}

}  // namespace

extern const Dialect mlproject;
const Dialect mlproject{"mlproject", "MLflow projects", read, nullptr};

}  // namespace parapet::dialects
