// Values of Helm charts: the conventions that charts share for an image, its command, variables,
// security context, service and ingress. Templates are not rendered; what a chart makes of a value
// that is named as everybody names it is known without.
// https://helm.sh/docs/chart_best_practices/values/
#include <algorithm>

#include "dialects/common/container.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

constexpr unsigned deepest = 8;

bool named_values(std::string_view path) {
  std::string name = lower(file_name(path));
  return contains(name, "values") && (name.ends_with(".yaml") || name.ends_with(".yml"));
}

// {registry, repository, tag, digest} as charts write it, or a reference; empty: no image.
std::string image_of(const Node& n) {
  const Node* image = n.at("image");
  if (image == nullptr) return {};
  if (image->is_scalar())
    return contains(image->text, "/") || contains(image->text, ":") ? image->text : std::string();
  std::string_view repository = image->text_at("repository");
  if (repository.empty()) repository = image->text_at("name");
  if (repository.empty()) return {};
  std::string_view registry = image->text_at("registry");
  std::string_view tag = image->text_at("tag");
  std::string_view digest = image->text_at("digest");
  std::string ref = registry.empty() ? "" : std::string(registry) + "/";
  ref += repository;
  if (!tag.empty()) ref += ":" + std::string(tag);
  if (!digest.empty()) ref += "@" + std::string(digest);
  return ref;
}

class Reader {
 public:
  Reader(const Artifact& a, Sink& sink) : source_(a), sink_(sink) {}

  void below(const Node& n, const std::string& pointer, unsigned depth) {
    if (depth > deepest || !n.is_map() || !sink_.next()) return;
    if (std::string image = image_of(n); !image.empty()) container(n, pointer, image);
    for (std::size_t i = 0; i < n.keys.size(); ++i)
      below(n.items[i], pointer.empty() ? n.keys[i].text : pointer + "." + n.keys[i].text,
            depth + 1);
  }
  bool found() const { return found_; }

 private:
  void environment(Fact& c, const Node& n) {
    for (std::string_view key : {"env", "extraEnv", "extraEnvs", "extraEnvVars", "environment"}) {
      const Node* list = n.at(key);
      if (list == nullptr) continue;
      if (list->is_map())
        for (std::size_t i = 0; i < list->keys.size(); ++i)
          if (list->items[i].is_scalar())
            set_env(c, list->keys[i].text, list->items[i].text, is_known(list->items[i].text));
      for (const Node& e : list->items)
        if (e.is_map() && !e.text_at("name").empty() && e.at("value") != nullptr)
          set_env(c, e.text_at("name"), e.text_at("value"), is_known(e.text_at("value")));
    }
  }

  // How far the chart's service and ingress carry.
  static std::string_view reach_of(const Node& n) {
    std::string_view type = n.text_at("service.type");
    const Node* ingress = n.find("ingress.enabled");
    if (type == "LoadBalancer" || type == "NodePort" || is_true(ingress)) return "public";
    return "cluster";
  }

  void container(const Node& n, const std::string& pointer, const std::string& image) {
    found_ = true;
    const Node* at = n.at("image");
    std::string name = pointer.empty() ? "chart" : pointer.substr(pointer.rfind('.') + 1);
    Fact c{"container", {}, at->place(pointer), "values for image " + printable(image, 100)};
    c.place.length = 0;
    c.set("image", image, is_known(image)).set("name", name).set("via", "helm");
    for (std::string_view key : {"securityContext", "containerSecurityContext"})
      if (const Node* context = n.at(key); context != nullptr) {
        if (is_true(context->at("privileged"))) c.put("privileged", "yes");
        if (!context->text_at("runAsUser").empty()) c.put("user", context->text_at("runAsUser"));
        if (is_true(context->at("runAsNonRoot"))) c.put("run_as_non_root", "yes");
        if (const Node* add = context->find("capabilities.add")) set_list(c, "cap_add", add);
      }
    environment(c, n);
    std::string_view reach = reach_of(n);
    c.set("reach", reach);
    ContainerCommand command;
    command.via = "helm";
    command.place = at->place(pointer);
    for (const Attribute& a : c.attributes)
      if (a.name.starts_with("env."))
        command.given.push_back({a.name.substr(4), {a.value, 0, 0, a.known, true}});
    command.of = sink_.add(std::move(c));
    Fact f = image_fact(image, is_known(image), "helm", at->place(pointer + ".image"));
    f.of = command.of;
    sink_.add(std::move(f));
    run(n, image, reach, command);
  }

  void run(const Node& n, const std::string& image, std::string_view reach,
           ContainerCommand& command) {
    const Node* entry = n.at("command");
    const Node* args = n.at("args");
    if (args == nullptr || args->items.empty()) args = n.at("extraArgs");
    if (args != nullptr && args->is_map()) args = nullptr;
    if (entry != nullptr && args != nullptr && !args->items.empty()) {
      for (const Node* word : scalars(entry)) command.prefix.push_back(word_of(*word));
      command.node = args;
    } else {
      command.node =
          entry != nullptr && (entry->is_scalar() || !entry->items.empty()) ? entry : args;
      std::string_view first;
      if (!scalars(command.node).empty()) first = scalars(command.node).front()->text;
      if (entry == nullptr || command.node == args) command.prefix = implied_program(image, first);
    }
    if (command.node == nullptr && command.prefix.empty()) return;
    for (std::int32_t p : add_command(sink_, source_, command)) sink_.fact(p).put("reach", reach);
  }

  Source source_;
  Sink& sink_;
  bool found_ = false;
};

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  if (!named_values(a.name)) return;
  for (const Document& d : documents) {
    if (d.syntax != "yaml" || !d.root.is_map() || d.root.at("apiVersion") != nullptr) continue;
    Reader reader(a, sink);
    reader.below(d.root, {}, 0);
    if (reader.found()) sink.is("helm");
  }
}

}  // namespace

extern const Dialect helm_values;
const Dialect helm_values{"helm_values", "Values of Helm charts", read, nullptr};

}  // namespace parapet::dialects
