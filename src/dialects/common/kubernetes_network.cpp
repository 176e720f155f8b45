#include "dialects/common/kubernetes_network.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "dialects/common/container.h"

namespace parapet::dialects {
namespace {

Labels read_labels(const Node* map) {
  Labels out;
  if (map == nullptr || !map->is_map()) return out;
  for (std::size_t i = 0; i < map->keys.size(); ++i)
    if (map->items[i].is_scalar()) out[map->keys[i].text] = map->items[i].text;
  return out;
}

void set_namespace(Fact& f, const Node& object) {
  if (auto name = object.text_at("metadata.namespace"); !name.empty())
    f.set("namespace", name, is_known(name));
}

bool is_internal(const Node& service) {
  const Node* annotations = service.find("metadata.annotations");
  if (annotations == nullptr || !annotations->is_map()) return false;
  for (std::size_t i = 0; i < annotations->keys.size(); ++i) {
    std::string key = lower(annotations->keys[i].text);
    std::string value = lower(annotations->items[i].text);
    if (contains(key, "internal") &&
        (value == "true" || value == "internal" || value == "0.0.0.0/0"))
      return true;
    if (contains(key, "load-balancer-type") && value == "internal") return true;
    if (contains(key, "load-balancer-scheme") && value == "internal") return true;
  }
  return false;
}

std::string_view reach_of_service(const Node& n) {
  std::string_view type = n.text_at("spec.type");
  if (const Node* ips = n.find("spec.externalIPs"); ips != nullptr && !ips->items.empty())
    return "public";
  if (type == "LoadBalancer") return is_internal(n) ? "network" : "public";
  if (type == "NodePort") return "public";
  return "cluster";
}

// Every scalar below that names a service: an Ingress's backends, an HTTPRoute's backendRefs.
void backends(const Node& n, std::set<std::string>& out, int depth) {
  if (depth > 12) return;
  if (n.is_map()) {
    for (std::string_view key : {"serviceName"})
      if (const Node* s = n.at(key); s != nullptr && s->is_scalar()) out.insert(s->text);
    for (std::size_t i = 0; i < n.keys.size(); ++i) {
      if (n.keys[i].text == "service") out.insert(std::string(n.items[i].text_at("name")));
      if (n.keys[i].text == "backendRefs" || n.keys[i].text == "destination")
        for (const Node* b : {&n.items[i]}) {
          out.insert(std::string(b->text_at("host")));
          for (const Node& ref : b->items) out.insert(std::string(ref.text_at("name")));
        }
    }
  }
  for (const Node& x : n.items) backends(x, out, depth + 1);
}

bool has_auth_annotation(const Node& n) {
  const Node* annotations = n.find("metadata.annotations");
  if (annotations == nullptr) return false;
  for (const Node& k : annotations->keys)
    for (std::string_view part : {"auth-url", "auth-type", "auth-signin", "auth-tls-secret",
                                  "forwardauth", "middlewares", "ext_authz", "jwt", "iap"})
      if (contains(lower(k.text), part)) return true;
  return false;
}

void add_policy(const Node& n, Sink& sink) {
  Fact f{"network", {}, n.place(), "network policy " + printable(n.text_at("metadata.name"), 80)};
  f.set("type", "NetworkPolicy").set("name", n.text_at("metadata.name"));
  f.set("selector", shown(read_labels(n.find("spec.podSelector.matchLabels"))));
  set_list(f, "policy_type", n.find("spec.policyTypes"));
  set_namespace(f, n);
  const Node* ingress = n.find("spec.ingress");
  bool open = false;
  if (ingress != nullptr && ingress->is_list())
    for (const Node& rule : ingress->items) {
      const Node* from = rule.at("from");
      open = open || from == nullptr || from->items.empty();
      if (from != nullptr)
        for (const Node& peer : from->items)
          if (!peer.text_at("ipBlock.cidr").empty()) {
            f.set("cidr", peer.text_at("ipBlock.cidr"));
            const Node* except = peer.find("ipBlock.except");
            open = open || (peer.text_at("ipBlock.cidr") == "0.0.0.0/0" &&
                            (except == nullptr || except->items.empty()));
          }
    }
  if (open) f.set("reach", "network");
  std::string says = f.says;
  Place place = f.place;
  sink.add(std::move(f));
  if (open) return;
  Fact control{"control", {}, std::move(place), std::move(says)};
  sink.add(control.set("name", "network-policy").set("value", n.text_at("metadata.name")));
}

}  // namespace

std::string shown(const Labels& labels) {
  std::string out;
  for (const auto& [k, v] : labels) out += (out.empty() ? "" : ",") + k + "=" + v;
  return out;
}

Labels labels_of(const Node& object) { return read_labels(object.find("metadata.labels")); }

KubernetesNetwork::KubernetesNetwork(const std::vector<const Node*>& objects, Sink& sink) {
  std::set<std::string> published;
  for (const Node* n : objects) {
    std::string_view kind = n->text_at("kind");
    if (kind == "NetworkPolicy") add_policy(*n, sink);
    bool route = kind == "Ingress" || kind == "HTTPRoute" || kind == "VirtualService" ||
                 kind == "IngressRoute" || kind == "Route";
    if (!route) continue;
    if (const Node* spec = n->at("spec")) backends(*spec, published, 0);
    Fact f{"network",
           {},
           n->place(),
           std::string(kind) + " " + printable(n->text_at("metadata.name"), 80)};
    f.set("type", kind).set("name", n->text_at("metadata.name")).set("reach", "public");
    f.set("tls", n->find("spec.tls") != nullptr ? "yes" : "no");
    if (has_auth_annotation(*n)) f.set("auth", "proxy");
    set_namespace(f, *n);
    std::set<std::string> own;
    if (const Node* spec = n->at("spec")) backends(*spec, own, 0);
    for (const std::string& s : own)
      if (!s.empty()) f.set("service", s);
    sink.add(std::move(f));
  }
  for (const Node* n : objects) {
    if (n->text_at("kind") != "Service") continue;
    Selecting s{std::string(n->text_at("metadata.name")), read_labels(n->find("spec.selector")),
                reach_of_service(*n)};
    if (published.contains(s.name)) s.reach = "public";
    Fact f{
        "network",
        {},
        n->place(),
        "service " + printable(s.name, 80) + " of type " + printable(n->text_at("spec.type"), 40)};
    f.set("type", "Service").set("name", s.name).set("reach", s.reach);
    std::string_view type = n->text_at("spec.type");
    f.set("service_type", type.empty() ? "ClusterIP" : type, is_known(type));
    if (const Node* ports = n->find("spec.ports"); ports != nullptr)
      for (const Node& p : ports->items)
        f.set("port", p.text_at("port"), is_known(p.text_at("port")));
    set_list(f, "cidr", n->find("spec.loadBalancerSourceRanges"));
    f.set("selector", shown(s.selector));
    set_namespace(f, *n);
    sink.add(std::move(f));
    if (!s.selector.empty())
      by_label_.emplace(s.selector.begin()->first + "=" + s.selector.begin()->second,
                        services_.size());
    services_.push_back(std::move(s));
  }
}

std::string_view KubernetesNetwork::reach_of(const Labels& labels) const {
  std::string_view reach = "cluster";
  for (const auto& [key, value] : labels) {
    auto [first, last] = by_label_.equal_range(key + "=" + value);
    for (auto it = first; it != last; ++it) {
      const Selecting& s = services_[it->second];
      bool selects = std::all_of(s.selector.begin(), s.selector.end(), [&](const auto& kv) {
        auto found = labels.find(kv.first);
        return found != labels.end() && found->second == kv.second;
      });
      if (selects) reach = farther(reach, s.reach);
    }
  }
  return reach;
}

namespace {

void add_role(const Node& n, const std::multimap<std::string, std::string>& subjects, Sink& sink) {
  const Node* rules = n.at("rules");
  std::string name(n.text_at("metadata.name"));
  if (rules == nullptr || !rules->is_list()) return;
  for (const Node& r : rules->items) {
    Fact f{"permission", {}, r.place(), std::string(n.text_at("kind")) + " " + printable(name, 80)};
    f.set("system", "kubernetes").set("role", name).set("effect", "allow");
    set_list(f, "verb", r.at("verbs"));
    set_list(f, "resource", r.at("resources"));
    set_list(f, "group", r.at("apiGroups"));
    auto [first, last] = subjects.equal_range(name);
    for (auto it = first; it != last; ++it) f.set("subject", it->second);
    sink.add(std::move(f));
  }
}

std::string subject_of(const Node& s) {
  return std::string(s.text_at("kind")) + ":" + std::string(s.text_at("name"));
}

void add_entries(const Node& n, std::string_view key, Sink& sink) {
  const Node* data = n.at(key);
  if (data == nullptr || !data->is_map()) return;
  std::string_view kind = n.text_at("kind");
  for (std::size_t i = 0; i < data->keys.size() && sink.next(); ++i) {
    if (!data->items[i].is_scalar()) continue;
    Fact f{"setting",
           {},
           data->items[i].place(),
           std::string(kind) + " " + printable(n.text_at("metadata.name"), 60) + ", " +
               printable(data->keys[i].text, 60)};
    f.set("product", "kubernetes")
        .set("key", std::string(kind) + "." + data->keys[i].text)
        .set("object", n.text_at("metadata.name"));
    std::string_view value = data->items[i].text;
    f.set("value", value.substr(0, 4000), is_known(value));
    sink.add(std::move(f));
  }
}

}  // namespace

void add_kubernetes_objects(const std::vector<const Node*>& objects, Sink& sink) {
  std::multimap<std::string, std::string> subjects;  // of a role
  for (const Node* n : objects) {
    if (!n->text_at("kind").ends_with("RoleBinding")) continue;
    std::string role(n->text_at("roleRef.name"));
    Fact f{"permission",
           {},
           n->place(),
           std::string(n->text_at("kind")) + " " + printable(n->text_at("metadata.name"), 80) +
               " gives " + printable(role, 80)};
    f.set("system", "kubernetes").set("role", role).set("effect", "bind");
    if (const Node* list = n->at("subjects"); list != nullptr)
      for (const Node& s : list->items) {
        f.set("subject", subject_of(s));
        subjects.emplace(role, subject_of(s));
      }
    sink.add(std::move(f));
  }
  for (const Node* n : objects) {
    std::string_view kind = n->text_at("kind");
    if (kind == "Role" || kind == "ClusterRole") add_role(*n, subjects, sink);
    if (kind == "Secret" || kind == "ConfigMap") {
      add_entries(*n, "data", sink);
      add_entries(*n, "stringData", sink);
    }
    if (kind == "Namespace") {
      const Node* labels = n->find("metadata.labels");
      Fact f{"setting", {}, n->place(), "namespace " + printable(n->text_at("metadata.name"), 80)};
      f.set("product", "kubernetes")
          .set("key", "Namespace.pod-security")
          .set("object", n->text_at("metadata.name"));
      const Node* enforce =
          labels != nullptr ? labels->at("pod-security.kubernetes.io/enforce") : nullptr;
      sink.add(f.set("value", enforce != nullptr ? std::string_view(enforce->text) : "none"));
    }
    if (kind == "ServiceAccount" && n->at("automountServiceAccountToken") != nullptr) {
      Fact f{"setting",
             {},
             n->place(),
             "service account " + printable(n->text_at("metadata.name"), 80)};
      f.set("product", "kubernetes")
          .set("key", "ServiceAccount.automountServiceAccountToken")
          .set("object", n->text_at("metadata.name"));
      sink.add(f.set("value", n->text_at("automountServiceAccountToken")));
    }
  }
}

}  // namespace parapet::dialects
