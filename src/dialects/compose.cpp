// Docker Compose. https://docs.docker.com/reference/compose-file/
#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

// Keys of a service, with what `extends` of a service in the same file adds.
class Service {
 public:
  Service(const Node& services, const Node& own) {
    chain_.push_back(&own);
    for (int depth = 0; depth < 8; ++depth) {
      const Node* e = chain_.back()->at("extends");
      if (e == nullptr) return;
      const Node* base =
          services.at(e->is_scalar() ? std::string_view(e->text) : e->text_at("service"));
      if (base == nullptr || !base->is_map() || (e->is_map() && e->at("file") != nullptr)) return;
      chain_.push_back(base);
    }
  }
  const Node* at(std::string_view key) const {
    for (const Node* n : chain_)
      if (const Node* v = n->at(key)) return v;
    return nullptr;
  }
  std::string_view text(std::string_view key) const {
    const Node* n = at(key);
    return n != nullptr && n->is_scalar() ? std::string_view(n->text) : std::string_view();
  }

 private:
  std::vector<const Node*> chain_;
};

void set_text(Fact& f, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  Word w = expand(value);
  f.set(name, w.text, w.known);
}

void set_environment(Fact& container, const Service& s) {
  const Node* env = s.at("environment");
  if (env != nullptr && env->is_map()) {
    for (std::size_t i = 0; i < env->keys.size(); ++i) {
      const Node& v = env->items[i];
      // A key without a value takes it from the shell that runs compose.
      bool given = v.is_scalar();
      Word w = expand(v.text);
      set_env(container, env->keys[i].text, w.text, given && w.known);
    }
  }
  for (const Node* n : scalars(env)) {
    auto [name, value, found] = split_once(n->text, "=");
    Word w = expand(value);
    set_env(container, name, w.text, found && w.known);
  }
  const Node* file = s.at("env_file");
  set_list(container, "env_file", file);
  if (file != nullptr && file->is_list())
    for (const Node& n : file->items)
      if (n.is_map()) container.set("env_file", n.text_at("path"));
}

void set_mounts(Fact& container, const Service& s) {
  const Node* volumes = s.at("volumes");
  for (const Node* n : scalars(volumes)) set_text(container, "mount", n->text);
  if (volumes == nullptr || !volumes->is_list()) return;
  for (const Node& n : volumes->items)
    if (n.is_map() && n.text_at("type") != "tmpfs")
      set_text(container, "mount",
               std::string(n.text_at("source")) + ":" + std::string(n.text_at("target")));
}

std::string_view set_ports(Fact& container, const Service& s) {
  std::string_view reach = "cluster";
  auto put = [&](const std::string& port) {
    Word w = expand(port);
    container.set("port", w.text, w.known);
    reach = farther(reach == "cluster" ? std::string_view() : reach, read_port(w.text).reach);
  };
  const Node* ports = s.at("ports");
  if (ports != nullptr && ports->is_list()) {
    for (const Node& n : ports->items) {
      if (n.is_scalar()) put(n.text);
      if (!n.is_map()) continue;
      std::string port(n.text_at("target"));
      if (!n.text_at("published").empty()) port = std::string(n.text_at("published")) + ":" + port;
      if (!n.text_at("host_ip").empty()) port = std::string(n.text_at("host_ip")) + ":" + port;
      put(port);
    }
  }
  if (s.text("network_mode") == "host") return "network";
  return reach;
}

bool has_gpu(const Service& s) {
  if (s.text("runtime") == "nvidia" || s.at("gpus") != nullptr) return true;
  const Node* deploy = s.at("deploy");
  const Node* devices =
      deploy != nullptr ? deploy->find("resources.reservations.devices") : nullptr;
  if (devices == nullptr) return false;
  for (const Node& d : devices->items)
    for (const Node* c : scalars(d.at("capabilities")))
      if (c->text == "gpu") return true;
  return false;
}

Fact container_fact(const Service& s, const Node& key, const std::string& image) {
  Fact c{"container",
         {},
         key.place("services." + key.text),
         "service " + printable(key.text, 60) +
             (image.empty() ? "" : " of image " + printable(image, 100))};
  if (!image.empty()) c.set("image", image, is_known(image));
  c.set("name", key.text);
  set_text(c, "user", s.text("user"));
  c.set("privileged", is_true(s.at("privileged")) ? "yes" : "no");
  set_mounts(c, s);
  set_list(c, "cap_add", s.at("cap_add"));
  set_list(c, "device", s.at("devices"));
  set_list(c, "security_opt", s.at("security_opt"));
  set_text(c, "network_mode", s.text("network_mode"));
  set_text(c, "pid", s.text("pid"));
  set_text(c, "ipc", s.text("ipc"));
  set_environment(c, s);
  c.set("reach", set_ports(c, s));
  if (has_gpu(s)) c.set("gpu", "yes");
  c.set("read_only", is_true(s.at("read_only")) ? "yes" : "no");
  const Node* deploy = s.at("deploy");
  bool limits = s.at("mem_limit") != nullptr ||
                (deploy != nullptr && deploy->find("resources.limits") != nullptr);
  c.set("limits", limits ? "yes" : "no");
  return c.set("via", "compose");
}

void read_service(const Node& services, std::size_t i, Source& source, Sink& sink) {
  const Node& key = services.keys[i];
  Service s(services, services.items[i]);
  Fact w{"workload",
         {},
         key.place("services." + key.text),
         "compose service " + printable(key.text, 60)};
  w.set("type", "compose-service").set("name", key.text);
  std::int32_t workload = sink.add(std::move(w));
  Word image = expand(s.text("image"));
  Fact c = container_fact(s, key, image.text);
  c.of = workload;
  ContainerCommand command;
  command.via = "compose";
  for (const Attribute& a : c.attributes)
    if (a.name.starts_with("env."))
      command.given.push_back({a.name.substr(4), {a.value, 0, 0, a.known, true}});
  std::string reach(c.get("reach"));
  command.of = sink.add(std::move(c));
  if (const Node* n = s.at("image")) {
    Fact f =
        image_fact(image.text, image.known, "compose", n->place("services." + key.text + ".image"));
    f.of = command.of;
    sink.add(std::move(f));
  }
  for (const Node* d : scalars(s.at("devices"))) {
    Fact f{"device", {}, d->place(), printable(d->text)};
    f.of = command.of;
    sink.add(f.set("path", d->text.substr(0, d->text.find(':'))).set("via", "compose"));
  }
  // Compose resolves ${X} before the container starts; $$X is left for its shell.
  const Node* entry = s.at("entrypoint");
  const Node* cmd = s.at("command");
  std::vector<std::int32_t> processes;
  command.place = key.place("services." + key.text);
  if (entry != nullptr && cmd != nullptr) {
    for (const Node* n : scalars(entry)) {
      if (entry->is_list()) {
        command.prefix.push_back(word_of(*n));
        continue;
      }
      for (const SimpleCommand& part : split_commands(n->text))
        command.prefix.insert(command.prefix.end(), part.words.begin(), part.words.end());
    }
    command.node = cmd;
    processes = add_command(sink, source, command);
  } else {
    command.node = entry != nullptr ? entry : cmd;
    std::string_view first;
    if (!scalars(cmd).empty()) first = std::string_view(scalars(cmd).front()->text);
    if (entry == nullptr)
      command.prefix = implied_program(image.text, first.substr(0, first.find(' ')));
    processes = add_command(sink, source, command);
  }
  for (std::int32_t p : processes) sink.fact(p).put("reach", reach);
}

bool is_compose(const Artifact& a, const Node& root) {
  const Node* services = root.at("services");
  if (services == nullptr || !services->is_map() || root.at("apiVersion") != nullptr) return false;
  bool named = contains(lower(file_name(a.name)), "compose");
  for (const Node& s : services->items) {
    if (s.at("image") != nullptr || s.at("build") != nullptr) return true;
    if (named && (s.at("command") != nullptr || s.at("extends") != nullptr ||
                  s.at("environment") != nullptr))
      return true;
  }
  return false;
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  Source source(a);
  for (const Document& d : documents) {
    if (d.syntax != "yaml" || !is_compose(a, d.root)) continue;
    sink.is("compose");
    const Node& services = *d.root.at("services");
    for (std::size_t i = 0; i < services.keys.size() && sink.next(); ++i)
      if (services.items[i].is_map()) read_service(services, i, source, sink);
  }
}

}  // namespace

extern const Dialect compose;
const Dialect compose{"compose", "Docker Compose services", read, nullptr};

}  // namespace parapet::dialects
