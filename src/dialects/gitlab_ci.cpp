// GitLab CI. https://docs.gitlab.com/ci/yaml/
#include <algorithm>

#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"
#include "model/commands.h"

namespace parapet::dialects {
namespace {

constexpr std::string_view scripts[] = {"before_script", "script", "after_script"};

bool is_job(const Node& n) {
  return n.is_map() &&
         (n.at("script") != nullptr || n.at("trigger") != nullptr || n.at("extends") != nullptr);
}

void add_image(Sink& sink, const Node* n, std::int32_t of) {
  if (n != nullptr && n->is_map()) n = n->at("name");
  if (n == nullptr || !n->is_scalar() || n->text.empty()) return;
  bool known = is_known(n->text) && !contains(n->text, "$");
  Fact f = image_fact(n->text, known, "ci", n->place());
  f.of = of;
  sink.add(std::move(f));
}

void set_variables(Fact& f, const Node* variables) {
  if (variables == nullptr || !variables->is_map()) return;
  for (std::size_t i = 0; i < variables->keys.size(); ++i) {
    const Node& n = variables->items[i];
    std::string_view value = n.is_map() ? n.text_at("value") : std::string_view(n.text);
    bool known = is_known(value) && !contains(value, "$");
    f.set("env." + variables->keys[i].text, value, known);
    if (is_literal_secret(variables->keys[i].text, value, known))
      f.set("env_secret", variables->keys[i].text);
  }
}

void add_includes(Sink& sink, const Node* include, std::int32_t workflow) {
  auto one = [&](const Node& n) {
    Fact f{"workflow-step",
           {},
           n.place(),
           "include " +
               printable(n.is_scalar() ? std::string_view(n.text) : n.text_at("remote"), 120) +
               printable(n.text_at("project"), 120)};
    std::string_view remote = n.is_scalar() ? std::string_view(n.text) : n.text_at("remote");
    std::string_view project = n.text_at("project");
    std::string_view ref = n.text_at("ref");
    if (contains(remote, "://"))
      f.set("uses", remote).set("action", "include:remote").set("pinned", "branch");
    else if (!project.empty())
      f.set("uses", project)
          .set("action", "include:project")
          .set("ref", ref)
          .set("pinned", ref.size() == 40 ? "sha" : "branch");
    else
      return;
    f.set("system", "gitlab");
    f.of = workflow;
    sink.add(std::move(f));
  };
  if (include == nullptr) return;
  if (include->is_list())
    for (const Node& n : include->items) one(n);
  else
    one(*include);
}

void read_job(Source& source, Sink& sink, const Node& key, const Node& job, const Node& root,
              std::int32_t workflow) {
  Fact f{"workflow-step", {}, job.place(), "job " + printable(key.text, 80)};
  f.set("system", "gitlab").set("job", key.text);
  set_variables(f, root.at("variables"));
  set_variables(f, job.at("variables"));
  for (const Node* n : scalars(job.at("tags"))) f.set("tag", n->text);
  std::string run;
  for (std::string_view s : scripts)
    for (const Node* n : scalars(job.at(s))) run += n->text + "\n";
  for (std::string_view chosen :
       {"CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE", "CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH",
        "CI_MERGE_REQUEST_TITLE", "CI_MERGE_REQUEST_DESCRIPTION",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"})
    if (contains(run, chosen)) f.set("untrusted", chosen);
  f.set("run", run.substr(0, 4000));
  f.of = workflow;
  std::int32_t index = sink.add(std::move(f));
  add_image(sink, job.at("image"), index);
  if (const Node* services = job.at("services"); services != nullptr)
    for (const Node& n : services->items) add_image(sink, &n, index);
  for (std::string_view s : scripts)
    for (const Node* n : scalars(job.at(s))) {
      CommandText t{
          n->text,
          "ci",
          [&](std::size_t offset, std::size_t length) { return source.part(*n, offset, length); },
          index,
          {},
          {}};
      add_processes(sink, t);
    }
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  bool named = contains(lower(file_name(a.name)), "gitlab-ci");
  for (const Document& d : documents) {
    if (d.syntax != "yaml" || !d.root.is_map()) continue;
    bool staged = d.root.at("stages") != nullptr && d.root.at("jobs") == nullptr &&
                  d.root.at("steps") == nullptr;
    bool jobs = std::any_of(d.root.items.begin(), d.root.items.end(),
                            [](const Node& n) { return n.is_map() && n.at("script") != nullptr; });
    if (!jobs || (!named && !staged)) continue;
    sink.is("gitlab-ci");
    Source source(a);
    Fact w{"workflow", {}, d.root.place(), "GitLab pipeline"};
    std::int32_t workflow = sink.add(w.set("system", "gitlab"));
    add_image(sink, d.root.at("image"), workflow);
    add_image(sink, d.root.find("default.image"), workflow);
    add_includes(sink, d.root.at("include"), workflow);
    for (std::size_t i = 0; i < d.root.keys.size() && sink.next(); ++i) {
      const std::string& key = d.root.keys[i].text;
      if (key != "default" && key != "variables" && is_job(d.root.items[i]))
        read_job(source, sink, d.root.keys[i], d.root.items[i], d.root, workflow);
    }
  }
}

}  // namespace

extern const Dialect gitlab_ci;
const Dialect gitlab_ci{"gitlab_ci", "GitLab pipelines", read, nullptr};

}  // namespace parapet::dialects
