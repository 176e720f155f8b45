// Variables of the environment as `setting` facts of the product "environment", wherever they are
// given: to containers, processes and workflow steps, or in .env files. What a variable means is in
// the rules, which so need not know where it stood.
#include <set>
#include <string>
#include <utility>

#include "base/secret_names.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void understand(const Artifact&, Sink& sink) {
  std::set<std::pair<std::string, std::string>> said;
  std::size_t before = sink.facts().size();
  for (std::size_t i = 0; i < before && sink.next(); ++i) {
    std::vector<Fact> found;
    const Fact& f = sink.facts()[i];
    auto variable = [&](std::string_view name, std::string_view value, bool known) {
      if (!said.emplace(name, value).second) return;
      std::string shown = std::string(name) + "=" + std::string(value.substr(0, 200));
      Fact s{"setting", {}, f.place, without_secrets(shown, 160)};
      s.set("product", "environment").set("key", name).set("value", value.substr(0, 2000), known);
      found.push_back(std::move(s));
    };
    if (f.kind == "setting" && f.get("product") == "env")
      variable(f.get("key"), f.get("value"), f.find("value") != nullptr && f.find("value")->known);
    bool holder = f.kind == "container" || f.kind == "process" || f.kind == "workflow" ||
                  f.kind == "workflow-step";
    for (std::size_t k = 0; holder && k < f.attributes.size(); ++k)
      if (const Attribute& a = f.attributes[k]; a.name.starts_with("env."))
        variable(std::string_view(a.name).substr(4), a.value, a.known);
    for (Fact& s : found) sink.add(std::move(s));
  }
}

}  // namespace

extern const Dialect environment;
const Dialect environment{
    "environment",
    "Variables of the environment, of containers, processes, workflows and .env files", nullptr,
    understand};

}  // namespace parapet::dialects
