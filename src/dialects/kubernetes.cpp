// Kubernetes objects, built in or custom: whatever holds a pod runs it. Documents of one file are
// joined by labels. https://kubernetes.io/docs/reference/kubernetes-api/
#include <algorithm>
#include <map>
#include <set>

#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/common/kubernetes_network.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

constexpr int deepest = 40;  // how far below an object a pod is looked for

std::string_view yes_no(bool v) { return v ? "yes" : "no"; }

class Reader {
 public:
  Reader(const Artifact& a, Sink& sink, const KubernetesNetwork& network)
      : source_(a), sink_(sink), network_(network) {}

  void read_object(const Node& object) {
    kind_ = object.text_at("kind");
    name_ = object.text_at("metadata.name");
    namespace_ = object.text_at("metadata.namespace");
    find_pods(object, {}, object, 0);
  }

 private:
  // `parent` is the map that holds `n`: its metadata labels the pod.
  void find_pods(const Node& n, const std::string& pointer, const Node& parent, int depth) {
    if (depth > deepest || !sink_.next()) return;
    if (n.is_list()) {
      for (std::size_t i = 0; i < n.items.size(); ++i)
        find_pods(n.items[i], pointer + "[" + std::to_string(i) + "]", n, depth + 1);
      return;
    }
    if (!n.is_map()) return;
    const Node* containers = n.at("containers");
    bool pod = containers != nullptr && containers->is_list() &&
               std::any_of(containers->items.begin(), containers->items.end(),
                           [](const Node& c) { return c.is_map(); });
    if (pod) {
      read_pod(n, pointer, parent);
    } else {
      for (std::string_view single : {"container", "script", "model"})
        if (const Node* c = n.at(single);
            c != nullptr && c->is_map() && holds_container(*c, single))
          read_single(n, *c, pointer);
    }
    for (std::size_t i = 0; i < n.items.size(); ++i) {
      if (pod && (n.keys[i].text == "containers" || n.keys[i].text == "initContainers")) continue;
      find_pods(n.items[i], pointer.empty() ? n.keys[i].text : pointer + "." + n.keys[i].text, n,
                depth + 1);
    }
    if (const Node* params = n.at("rayStartParams"); params != nullptr && params->is_map())
      read_ray_start(n, *params);
    for (std::string_view key : {"storageUri", "modelUri"})
      if (const Node* uri = n.at(key); uri != nullptr && uri->is_scalar()) {
        Fact f{"model-reference", {}, uri->place(pointer), printable(uri->text, 160)};
        f.set("name", uri->text, is_known(uri->text)).set("pinned", "none").set("loader", kind_);
        sink_.add(std::move(f));
      }
  }

  // Argo's templates, KServe's predictor: a container without a pod around it.
  static bool holds_container(const Node& c, std::string_view key) {
    if (key == "model") return c.at("modelFormat") != nullptr || c.at("storageUri") != nullptr;
    return c.at("image") != nullptr;
  }

  std::int32_t add_workload(const Node& pod, const std::string& pointer) {
    Fact w{"workload", {}, pod.place(pointer), std::string(kind_) + " " + printable(name_, 80)};
    w.set("type", kind_).set("name", name_, is_known(name_));
    if (!namespace_.empty()) w.set("namespace", namespace_, is_known(namespace_));
    std::string_view account = pod.text_at("serviceAccountName");
    if (!account.empty()) w.set("service_account", account, is_known(account));
    if (const Node* a = pod.at("automountServiceAccountToken"))
      w.set("automount", yes_no(is_true(a)));
    if (is_true(pod.at("hostNetwork"))) w.set("host_network", "yes");
    if (is_true(pod.at("hostPID"))) w.set("host_pid", "yes");
    if (is_true(pod.at("hostIPC"))) w.set("host_ipc", "yes");
    if (is_true(pod.at("shareProcessNamespace"))) w.set("share_process_namespace", "yes");
    if (kind_ == "CronJob" || kind_ == "CronWorkflow" || kind_ == "ScheduledWorkflow")
      w.set("schedule", "yes");
    return sink_.add(std::move(w));
  }

  void read_pod(const Node& pod, const std::string& pointer, const Node& parent) {
    std::int32_t workload = add_workload(pod, pointer);
    std::map<std::string, std::string> labels = labels_of(parent);
    // Operators label what they make; their services select by these.
    if (kind_ == "RayCluster" || kind_ == "RayService" || kind_ == "RayJob") {
      labels["ray.io/cluster"] = std::string(name_);
      labels["ray.io/node-type"] = contains(pointer, "head") ? "head" : "worker";
    }
    if (!labels.empty()) sink_.fact(workload).set("labels", shown(labels));
    std::string_view reach = is_true(pod.at("hostNetwork")) ? "network" : network_.reach_of(labels);
    for (std::string_view list : {"containers", "initContainers", "ephemeralContainers"})
      if (const Node* containers = pod.at(list); containers != nullptr && containers->is_list())
        for (const Node& c : containers->items)
          if (c.is_map())
            read_container(c, &pod, workload, reach, pointer + "." + std::string(list));
  }

  void read_single(const Node& parent, const Node& c, const std::string& pointer) {
    std::int32_t workload = add_workload(parent, pointer);
    read_container(c, nullptr, workload, kind_ == "InferenceService" ? "cluster" : "", pointer);
  }

  void set_environment(Fact& f, const Node& c, Environment& env) {
    if (const Node* list = c.at("env"); list != nullptr && list->is_list())
      for (const Node& e : list->items) {
        std::string_view name = e.text_at("name");
        const Node* value = e.at("value");
        bool known = value != nullptr && value->is_scalar() && is_known(value->text);
        set_env(f, name, value != nullptr ? std::string_view(value->text) : std::string_view(),
                known);
        if (known) env.insert_or_assign(std::string(name), value->text);
        if (e.find("valueFrom.secretKeyRef") != nullptr) f.set("env_from_secret", name);
      }
    if (const Node* from = c.at("envFrom"); from != nullptr && from->is_list())
      for (const Node& e : from->items) {
        std::string_view name = e.text_at("secretRef.name");
        f.set("env_file", name.empty() ? e.text_at("configMapRef.name") : name);
      }
  }

  void set_mounts(Fact& f, const Node& c, const Node* pod) {
    const Node* mounts = c.at("volumeMounts");
    if (mounts == nullptr || !mounts->is_list()) return;
    const Node* volumes = pod != nullptr ? pod->at("volumes") : nullptr;
    for (const Node& m : mounts->items) {
      std::string_view name = m.text_at("name");
      std::string path(m.text_at("mountPath"));
      std::string from(name);
      if (volumes != nullptr && volumes->is_list())
        for (const Node& v : volumes->items)
          if (v.text_at("name") == name && !v.text_at("hostPath.path").empty()) {
            from = v.text_at("hostPath.path");
            if (from.starts_with("/dev/")) f.set("device", from);
          }
      f.set("mount", from + ":" + path + (is_true(m.at("readOnly")) ? ":ro" : ""), is_known(from));
    }
  }

  void set_security(Fact& f, const Node& c, const Node* pod) {
    const Node* own = c.at("securityContext");
    const Node* of_pod = pod != nullptr ? pod->at("securityContext") : nullptr;
    auto find = [&](std::string_view key) -> const Node* {
      const Node* n = own != nullptr ? own->find(key) : nullptr;
      return n != nullptr || of_pod == nullptr ? n : of_pod->find(key);
    };
    f.set("privileged", yes_no(own != nullptr && is_true(own->at("privileged"))));
    if (const Node* n = find("runAsUser"); n != nullptr && n->is_scalar())
      f.set("user", n->text, is_known(n->text));
    if (const Node* n = find("runAsNonRoot")) f.set("run_as_non_root", yes_no(is_true(n)));
    if (own != nullptr && own->at("allowPrivilegeEscalation") != nullptr)
      f.set("allow_privilege_escalation", yes_no(is_true(own->at("allowPrivilegeEscalation"))));
    f.set("read_only", yes_no(own != nullptr && is_true(own->at("readOnlyRootFilesystem"))));
    if (const Node* n = find("seccompProfile.type"); n != nullptr && n->is_scalar())
      f.set("seccomp", n->text);
    if (own != nullptr) set_list(f, "cap_add", own->find("capabilities.add"));
    if (own != nullptr) set_list(f, "cap_drop", own->find("capabilities.drop"));
  }

  void set_resources(Fact& f, const Node& c) {
    const Node* limits = c.find("resources.limits");
    const Node* requests = c.find("resources.requests");
    bool bounded = limits != nullptr && limits->is_map() && limits->at("memory") != nullptr;
    f.set("limits", yes_no(bounded));
    for (const Node* r : {limits, requests})
      if (r != nullptr && r->is_map())
        for (const Node& key : r->keys)
          if (contains(key.text, "gpu")) {
            f.set("gpu", "yes");
            return;
          }
  }

  void read_container(const Node& c, const Node* pod, std::int32_t workload, std::string_view reach,
                      const std::string& pointer) {
    std::string_view image = c.text_at("image");
    Fact f{"container",
           {},
           c.place(pointer),
           "container " + printable(c.text_at("name"), 60) + " of " + std::string(kind_) + " " +
               printable(name_, 60)};
    if (!image.empty()) f.set("image", image, is_known(image));
    f.set("name", c.text_at("name"));
    set_security(f, c, pod);
    set_mounts(f, c, pod);
    Environment env;
    set_environment(f, c, env);
    set_resources(f, c);
    std::string from_port(reach);
    if (const Node* ports = c.at("ports"); ports != nullptr && ports->is_list())
      for (const Node& p : ports->items) {
        std::string inside(p.text_at("containerPort"));
        std::string_view host = p.text_at("hostPort");
        f.set("port", host.empty() ? inside : std::string(host) + ":" + inside, is_known(inside));
        if (!host.empty()) from_port = farther(from_port, "network");
      }
    if (is_true(c.at("tty")) || is_true(c.at("stdin"))) f.set("tty", "yes");
    if (!from_port.empty()) f.set("reach", from_port);
    f.set("via", "kubernetes");
    f.of = workload;
    ContainerCommand command;
    for (const Attribute& a : f.attributes)
      if (a.name.starts_with("env."))
        command.given.push_back({a.name.substr(4), {a.value, 0, 0, a.known, true}});
    command.via = "kubernetes";
    command.env = std::move(env);
    command.place = c.place(pointer);
    command.of = sink_.add(std::move(f));
    if (const Node* n = c.at("image"); n != nullptr && n->is_scalar()) {
      Fact i = image_fact(image, is_known(image), "kubernetes", n->place(pointer + ".image"));
      i.of = command.of;
      sink_.add(std::move(i));
    }
    add_devices(command.of);
    add_container_command(c, command, image, from_port);
  }

  void add_devices(std::int32_t container) {
    std::vector<std::string> paths;
    for (const Attribute& a : sink_.fact(container).attributes)
      if (a.name == "device") paths.push_back(a.value);
    for (const std::string& p : paths) {
      Fact d{"device", {}, sink_.fact(container).place, printable(p)};
      d.of = container;
      sink_.add(d.set("path", p).set("via", "kubernetes"));
    }
  }

  void add_container_command(const Node& c, ContainerCommand& command, std::string_view image,
                             std::string_view reach) {
    const Node* cmd = c.at("command");
    const Node* args = c.at("args");
    const Node* script = c.at("source");  // Argo's script templates
    std::vector<std::int32_t> processes;
    if (script != nullptr && script->is_scalar()) {
      std::vector<const Node*> interpreter = scalars(cmd);
      if (interpreter.empty() || contains(interpreter[0]->text, "sh")) command.node = script;
    } else if (cmd != nullptr && args != nullptr) {
      for (const Node* n : scalars(cmd)) command.prefix.push_back(word_of(*n));
      command.node = args;
    } else if (cmd != nullptr) {
      command.node = cmd;
    } else {
      std::vector<const Node*> words = scalars(args);
      command.prefix = implied_program(
          image, words.empty() ? std::string_view() : std::string_view(words[0]->text));
      command.node = args;
      // Flags of a program that only the image names.
      if (command.prefix.empty() && !words.empty() && words[0]->text.starts_with('-'))
        command.prefix = words_of({"entrypoint"});
    }
    processes = add_command(sink_, source_, command);
    for (std::int32_t p : processes)
      if (!reach.empty()) sink_.fact(p).put("reach", reach);
  }

  // The operator makes `ray start` of these.
  void read_ray_start(const Node& group, const Node& params) {
    bool head = group.at("groupName") == nullptr;
    std::vector<Word> words = words_of({"ray", "start", head ? "--head" : "--address=head"});
    for (std::size_t i = 0; i < params.keys.size(); ++i) {
      Word w = word_of(params.items[i]);
      w.text = "--" + params.keys[i].text + "=" + w.text;
      words.push_back(std::move(w));
    }
    ContainerCommand command;
    command.prefix = std::move(words);
    command.via = "kubernetes";
    command.place = params.place("rayStartParams");
    // The containers of the group were put just before: the process belongs to the first of them.
    for (std::size_t i = sink_.facts().size(); i-- > 0;)
      if (sink_.facts()[i].kind == "container") {
        command.of = static_cast<std::int32_t>(i);
        break;
      }
    std::string reach =
        command.of >= 0 ? std::string(sink_.fact(command.of).get("reach")) : "cluster";
    if (command.of >= 0)
      for (const Attribute& a : sink_.fact(command.of).attributes)
        if (a.name.starts_with("env."))
          command.given.push_back({a.name.substr(4), {a.value, 0, 0, a.known, true}});
    for (std::int32_t p : add_command(sink_, source_, command)) sink_.fact(p).put("reach", reach);
  }

  Source source_;
  Sink& sink_;
  const KubernetesNetwork& network_;
  std::string_view kind_, name_, namespace_;
};

bool is_object(const Node& n) {
  return n.is_map() && !n.text_at("apiVersion").empty() && !n.text_at("kind").empty();
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  std::vector<const Node*> objects;
  for (const Document& d : documents) {
    if (!is_object(d.root)) continue;
    const Node* items = d.root.text_at("kind") == "List" ? d.root.at("items") : nullptr;
    if (items == nullptr)
      objects.push_back(&d.root);
    else
      for (const Node& n : items->items)
        if (is_object(n)) objects.push_back(&n);
  }
  if (objects.empty()) return;
  sink.is("kubernetes");
  KubernetesNetwork network(objects, sink);
  add_kubernetes_objects(objects, sink);
  Reader reader(a, sink, network);
  for (const Node* n : objects) reader.read_object(*n);
}

}  // namespace

extern const Dialect kubernetes;
const Dialect kubernetes{"kubernetes", "Kubernetes objects and the pods in them", read, nullptr};

}  // namespace parapet::dialects
