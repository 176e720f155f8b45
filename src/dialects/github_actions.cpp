// GitHub Actions workflows and composite actions.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#include <algorithm>
#include <set>
#include <utility>

#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"
#include "model/commands.h"

namespace parapet::dialects {
namespace {

// Expressions whose text a stranger chooses: titles, bodies, branch names, commit messages.
bool is_untrusted(std::string_view expression) {
  constexpr std::string_view chosen[] = {"github.event.issue.title",
                                         "github.event.issue.body",
                                         "github.event.pull_request.title",
                                         "github.event.pull_request.body",
                                         "github.event.pull_request.head.ref",
                                         "github.event.pull_request.head.label",
                                         "github.event.pull_request.head.repo.default_branch",
                                         "github.event.comment.body",
                                         "github.event.review.body",
                                         "github.event.review_comment.body",
                                         "github.event.discussion.title",
                                         "github.event.discussion.body",
                                         "github.event.head_commit.message",
                                         "github.event.head_commit.author",
                                         "github.event.commits",
                                         "github.event.pages",
                                         "github.head_ref",
                                         "github.event.workflow_run.head_branch",
                                         "github.event.workflow_run.head_commit",
                                         "github.event.inputs.",
                                         "github.event.label.name",
                                         "github.event.client_payload"};
  return std::any_of(std::begin(chosen), std::end(chosen),
                     [&](std::string_view c) { return contains(expression, c); });
}

// Calls `see` with the inside of every ${{ }}.
template <class See>
void expressions(std::string_view text, See see) {
  for (std::size_t at = text.find("${{"); at != std::string_view::npos; at = text.find("${{", at)) {
    std::size_t end = text.find("}}", at);
    if (end == std::string_view::npos) return;
    see(trim(text.substr(at + 3, end - at - 3)));
    at = end;
  }
}

void collect_secrets(std::string_view text, std::set<std::string>& out) {
  expressions(text, [&](std::string_view e) {
    for (std::size_t at = e.find("secrets."); at != std::string_view::npos;
         at = e.find("secrets.", at)) {
      std::size_t end = at += 8;
      while (end < e.size() && is_word(e[end])) ++end;
      out.insert(std::string(e.substr(at, end - at)));
    }
    if (contains(e, "toJSON(secrets)") || contains(e, "toJson(secrets)")) out.insert("*");
  });
}

bool is_sha(std::string_view s) {
  return s.size() == 40 && std::all_of(s.begin(), s.end(), [](char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
         });
}

// "v4", "1.2.3", "v1.2.3-beta" look like tags; "main" does not.
bool looks_like_tag(std::string_view s) {
  if (s.starts_with('v') || s.starts_with('V')) s.remove_prefix(1);
  return !s.empty() && is_digit(s[0]);
}

class Reader {
 public:
  Reader(const Artifact& a, Sink& sink) : source_(a), sink_(sink) {}

  void read_workflow(const Node& root) {
    sink_.is("github-workflow");
    Fact w{"workflow", {}, root.place(), "GitHub workflow " + printable(root.text_at("name"), 80)};
    w.set("system", "github").set("name", root.text_at("name"));
    const Node* on = root.at("on");
    if (on == nullptr) on = root.at("true");
    for (const Node* n : scalars(on)) triggers_.push_back(n->text);
    if (on != nullptr && on->is_map())
      for (const Node& k : on->keys) triggers_.push_back(k.text);
    for (const std::string& t : triggers_) w.set("trigger", t);
    set_permissions(w, root.at("permissions"));
    std::vector<std::pair<std::string, const Node*>> env;
    collect_env(root.at("env"), env);
    std::set<std::string> secrets;
    set_env_of(w, env, secrets);
    for (const std::string& s : secrets) w.set("secret", s);
    std::int32_t workflow = sink_.add(std::move(w));
    const Node& jobs = *root.at("jobs");
    for (std::size_t i = 0; i < jobs.keys.size() && sink_.next(); ++i)
      if (jobs.items[i].is_map()) read_job(jobs.keys[i], jobs.items[i], workflow);
  }

  void read_action(const Node& root) {
    sink_.is("github-action");
    if (const Node* steps = root.find("runs.steps"); steps != nullptr && steps->is_list())
      for (const Node& s : steps->items)
        if (s.is_map()) read_step(s, "", "", nullptr, -1);
    std::string_view image = root.text_at("runs.image");
    if (image.starts_with("docker://"))
      sink_.add(
          image_fact(image.substr(9), is_known(image), "ci", root.find("runs.image")->place()));
  }

 private:
  static void set_permissions(Fact& f, const Node* p) {
    if (p == nullptr) {
      f.set("permissions", "none-set");
    } else if (p->is_scalar()) {
      f.set("permissions", p->text);
    } else {
      f.set("permissions", "listed");
      for (std::size_t i = 0; i < p->keys.size(); ++i)
        f.set("permission." + p->keys[i].text, p->items[i].text);
    }
  }

  static void collect_env(const Node* env, std::vector<std::pair<std::string, const Node*>>& out) {
    if (env == nullptr || !env->is_map()) return;
    for (std::size_t i = 0; i < env->keys.size(); ++i)
      if (env->items[i].is_scalar()) out.emplace_back(env->keys[i].text, &env->items[i]);
  }

  static void set_env_of(Fact& f, const std::vector<std::pair<std::string, const Node*>>& env,
                         std::set<std::string>& secrets) {
    for (const auto& [name, value] : env) {
      f.set("env." + name, value->text, is_known(value->text));
      if (is_literal_secret(name, value->text, is_known(value->text))) f.set("env_secret", name);
      collect_secrets(value->text, secrets);
    }
  }

  static bool is_self_hosted(const Node* runs_on) {
    if (runs_on != nullptr && runs_on->is_map()) {
      for (const Node* n : scalars(runs_on->at("labels")))
        if (n->text == "self-hosted") return true;
      return runs_on->at("group") != nullptr;
    }
    for (const Node* n : scalars(runs_on))
      if (contains(n->text, "self-hosted")) return true;
    return false;
  }

  void add_permissions(const Node& key, const Node* p) {
    if (p == nullptr) return;
    Fact f{"permission", {}, p->place(), "permissions of the job " + printable(key.text, 60)};
    f.set("system", "github").set("subject", key.text).set("effect", "allow");
    if (p->is_scalar()) f.set("verb", p->text).set("resource", "*");
    for (std::size_t i = 0; i < p->keys.size(); ++i)
      f.set("resource", p->keys[i].text).set("verb", p->items[i].text);
    sink_.add(std::move(f));
  }

  void add_image(const Node* n, std::int32_t of) {
    if (n == nullptr) return;
    const Node* image = n->is_map() ? n->at("image") : n;
    if (image == nullptr || !image->is_scalar() || image->text.empty()) return;
    Fact f = image_fact(image->text, is_known(image->text), "ci", image->place());
    f.of = of;
    sink_.add(std::move(f));
  }

  void read_job(const Node& key, const Node& job, std::int32_t workflow) {
    add_permissions(key, job.at("permissions"));
    add_image(job.at("container"), workflow);
    if (const Node* services = job.at("services"); services != nullptr && services->is_map())
      for (const Node& s : services->items) add_image(&s, workflow);
    std::string_view runner = is_self_hosted(job.at("runs-on")) ? "self-hosted" : "hosted";
    if (job.at("uses") != nullptr) read_step(job, key.text, runner, &job, workflow);
    if (const Node* steps = job.at("steps"); steps != nullptr && steps->is_list())
      for (const Node& s : steps->items)
        if (s.is_map() && sink_.next()) read_step(s, key.text, runner, &job, workflow);
  }

  void set_uses(Fact& f, const Node& step) {
    const Node* uses = step.at("uses");
    if (uses == nullptr || !uses->is_scalar()) return;
    f.set("uses", uses->text, is_known(uses->text));
    if (uses->text.starts_with("docker://")) return add_image_later_.push_back(uses);
    if (uses->text.starts_with("./")) return;
    auto [action, ref, found] = split_once(uses->text, "@");
    f.set("action", action);
    if (!found) return;
    f.set("ref", ref, is_known(ref));
    f.set("pinned", is_sha(ref) ? "sha" : looks_like_tag(ref) ? "tag" : "branch");
    bool checkout = action == "actions/checkout";
    std::string chosen =
        std::string(step.text_at("with.ref")) + " " + std::string(step.text_at("with.repository"));
    bool head = contains(chosen, "pull_request.head") || contains(chosen, "github.head_ref") ||
                contains(chosen, "workflow_run.head") || contains(chosen, "refs/pull/") ||
                contains(chosen, "merge_commit_sha");
    if (checkout && head) f.set("checkout", "head");
  }

  void set_variables(Fact& f, const Node& step, const Node* job, std::set<std::string>& secrets) {
    std::vector<std::pair<std::string, const Node*>> env;
    if (job != nullptr && job != &step) collect_env(job->at("env"), env);
    collect_env(step.at("env"), env);
    set_env_of(f, env, secrets);
    const Node* with = step.at("with");
    if (with == nullptr || !with->is_map()) return;
    for (std::size_t i = 0; i < with->keys.size(); ++i) {
      const Node& v = with->items[i];
      if (!v.is_scalar()) continue;
      f.set("with." + with->keys[i].text, v.text.substr(0, 2000), is_known(v.text));
      if (is_literal_secret(with->keys[i].text, v.text, is_known(v.text)))
        f.set("env_secret", with->keys[i].text);
      collect_secrets(v.text, secrets);
    }
  }

  // A composite action's step has no job; a reusable workflow's job is its own step.
  void read_step(const Node& step, std::string_view job_name, std::string_view runner,
                 const Node* job, std::int32_t workflow) {
    const Node* run = step.at("run");
    std::string_view name = step.text_at("name");
    const Node* shown = step.at("uses") != nullptr ? step.at("uses")
                        : run != nullptr           ? run
                                                   : nullptr;
    Fact f{"workflow-step",
           {},
           step.place(),
           printable(name.empty() && shown != nullptr ? std::string_view(shown->text) : name, 120)};
    f.set("system", "github").set("job", job_name);
    if (!name.empty()) f.set("name", name);
    set_uses(f, step);
    std::set<std::string> secrets;
    set_variables(f, step, job, secrets);
    if (step.text_at("secrets") == "inherit") f.set("secret", "inherit");
    std::vector<const Node*> scripts;
    if (run != nullptr && run->is_scalar()) scripts.push_back(run);
    if (const Node* s = step.find("with.script"); s != nullptr && s->is_scalar())
      scripts.push_back(s);
    for (const Node* s : scripts) {
      expressions(s->text, [&](std::string_view e) {
        if (is_untrusted(e))
          f.set("untrusted", e);
        else if (e.starts_with("inputs."))
          f.set("input", e);
      });
      collect_secrets(s->text, secrets);
    }
    if (run != nullptr && run->is_scalar()) f.set("run", run->text.substr(0, 4000));
    for (const std::string& s : secrets) f.set("secret", s);
    if (!runner.empty()) f.set("runner", runner);
    for (const std::string& t : triggers_) f.set("trigger", t);
    if (const Node* condition = step.at("if"); condition != nullptr && condition->is_scalar())
      f.set("if", condition->text);
    f.of = workflow;
    std::int32_t index = sink_.add(std::move(f));
    for (const Node* uses : std::exchange(add_image_later_, {})) {
      Fact i = image_fact(std::string_view(uses->text).substr(9), is_known(uses->text), "ci",
                          uses->place());
      i.of = index;
      sink_.add(std::move(i));
    }
    std::string_view shell = step.text_at("shell");
    if (run == nullptr || !run->is_scalar() || shell == "python" || shell == "pwsh" ||
        shell == "powershell" || shell == "cmd")
      return;
    CommandText t{
        run->text,
        "ci",
        [&](std::size_t offset, std::size_t length) { return source_.part(*run, offset, length); },
        index,
        {},
        {}};
    add_processes(sink_, t);
  }

  Source source_;
  Sink& sink_;
  std::vector<std::string> triggers_;
  std::vector<const Node*> add_image_later_;
};

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (d.syntax != "yaml" || !d.root.is_map()) continue;
    const Node* jobs = d.root.at("jobs");
    bool has_jobs =
        jobs != nullptr && jobs->is_map() &&
        std::any_of(jobs->items.begin(), jobs->items.end(), [](const Node& j) {
          return j.at("steps") != nullptr || j.at("uses") != nullptr || j.at("runs-on") != nullptr;
        });
    if (has_jobs && (d.root.at("on") != nullptr || d.root.at("true") != nullptr ||
                     contains(a.name, ".github/workflows/")))
      Reader(a, sink).read_workflow(d.root);
    else if (d.root.find("runs.using") != nullptr)
      Reader(a, sink).read_action(d.root);
  }
}

}  // namespace

extern const Dialect github_actions;
const Dialect github_actions{"github_actions", "GitHub Actions workflows", read, nullptr};

}  // namespace parapet::dialects
