// How far a product in a pod can be reached when the Service, Ingress or NetworkPolicy that decides
// about it stands in another file: by selector and namespace, as the cluster would join them.
// Manifests of one deployment lie beside or above each other; the same names in another tree
// (another cluster's overlay) are not taken together.
#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/text.h"
#include "joins/join.h"

namespace parapet::joins {
namespace {

bool reads(const Fact& f) { return f.kind == "network" && (f.has("selector") || f.has("service")); }

bool contains_folder(std::string_view outer, std::string_view inner) {
  return outer.empty() || inner == outer ||
         (inner.starts_with(outer) && inner.size() > outer.size() && inner[outer.size()] == '/');
}

// Beside, above or below each other, or in folders of one folder.
bool belong_together(std::string_view a, std::string_view b) {
  std::string_view x = folder_of(a);
  std::string_view y = folder_of(b);
  return contains_folder(x, y) || contains_folder(y, x) || folder_of(x) == folder_of(y);
}

std::set<std::string_view> labels_in(std::string_view text) {
  std::set<std::string_view> out;
  for (std::string_view label : split(text, ','))
    if (!label.empty()) out.insert(label);
  return out;
}

struct Selector {
  std::set<std::string_view> labels;
  const KeptFact* from;
};
// By their first label, "" when they select everything: a pod is compared with few.
using Selectors = std::multimap<std::string_view, Selector>;

void add(Selectors& to, const KeptFact& k) {
  auto labels = labels_in(k.fact.get("selector"));
  std::string_view first = labels.empty() ? std::string_view() : *labels.begin();
  to.emplace(first, Selector{std::move(labels), &k});
}

// Comparisons of one scan: a hostile estate has every selector select every pod.
constexpr std::uint64_t most_comparisons = 5'000'000;

std::vector<const KeptFact*> selecting(const Selectors& from,
                                       const std::set<std::string_view>& of_pod,
                                       std::uint64_t& left) {
  std::vector<const KeptFact*> out;
  auto try_label = [&](std::string_view first) {
    auto [it, end] = from.equal_range(first);
    for (; it != end && left > 0; ++it, --left) {
      const auto& wanted = it->second.labels;
      if (std::includes(of_pod.begin(), of_pod.end(), wanted.begin(), wanted.end()))
        out.push_back(it->second.from);
    }
  };
  try_label("");
  for (std::string_view label : of_pod) try_label(label);
  return out;
}

struct Network {
  Selectors services, policies;
  std::multimap<std::string_view, const KeptFact*> routes;  // by the service they lead to
};

Network network_of(const Estate& estate) {
  Network out;
  for (const KeptFact& k : estate.kept) {
    if (!reads(k.fact)) continue;
    std::string_view type = k.fact.get("type");
    if (type == "Service" && !k.fact.get("selector").empty()) add(out.services, k);
    if (type == "NetworkPolicy") add(out.policies, k);
    for (const Attribute& a : k.fact.attributes)
      if (a.name == "service") out.routes.emplace(a.value, &k);
  }
  return out;
}

// A namespace is often given by the tool that applies the file: an absent one is any.
bool one_namespace(const Fact& a, const Fact& b) {
  std::string_view x = a.get("namespace");
  std::string_view y = b.get("namespace");
  return x.empty() || y.empty() || x == y;
}

std::size_t rank(std::string_view reach) {
  auto at = std::find(std::begin(reach_scale), std::end(reach_scale), reach);
  return static_cast<std::size_t>(at - std::begin(reach_scale));
}

void widen(OpenFact& open, const KeptFact& by) {
  std::string_view reach = by.fact.get("reach");
  if (reach.empty() || rank(reach) <= rank(open.fact().get("reach"))) return;
  open.fact().put("reach", reach);
  open.related.push_back({by.artifact, by.fact.place, by.fact.says});
}

// Policies add up: one that lets everybody in opens what the others close.
void guard(OpenFact& open, const std::vector<const KeptFact*>& policies) {
  if (policies.empty()) return;
  for (const KeptFact* p : policies)
    if (p->fact.has("reach")) return;
  open.fact().put("guarded", "network-policy");
  for (const KeptFact* p : policies)
    open.related.push_back({p->artifact, p->fact.place, p->fact.says});
}

void join_one(const Network& network, OpenFact& open, const Fact& workload, std::uint64_t& left) {
  auto labels = labels_in(workload.get("labels"));
  auto near = [&](const KeptFact& k) {
    return one_namespace(workload, k.fact) && belong_together(open.artifact, k.artifact);
  };
  for (const KeptFact* service : selecting(network.services, labels, left)) {
    if (!near(*service)) continue;
    widen(open, *service);
    auto [first, last] = network.routes.equal_range(service->fact.get("name"));
    for (auto it = first; it != last && left > 0; ++it, --left)
      if (near(*it->second)) widen(open, *it->second);
  }
  std::vector<const KeptFact*> policies = selecting(network.policies, labels, left);
  std::erase_if(policies, [&](const KeptFact* p) { return !near(*p); });
  guard(open, policies);
}

void join(Estate& estate) {
  Network network = network_of(estate);
  if (network.services.empty() && network.policies.empty()) return;
  std::uint64_t left = most_comparisons;
  for (OpenFact& open : estate.open) {
    if (open.fact().kind != "service") continue;
    if (left == 0) {
      estate.notes.emplace_back(
          "More services and policies than are joined with pods of other files: the rest of the "
          "pods "
          "is judged by its own file.");
      return;
    }
    auto workload = std::find_if(open.facts.begin(), open.facts.end(),
                                 [](const Fact& f) { return f.kind == "workload"; });
    bool local = open.fact().get("reach") == "loopback";  // of the pod: no service reaches it
    if (workload != open.facts.end() && !local) join_one(network, open, *workload, left);
  }
}

constexpr std::string_view sets[] = {"reach", "guarded"};

}  // namespace

extern const Join kubernetes_service;
const Join kubernetes_service{"kubernetes_service",
                              "pods with the services, routes and policies of other files",
                              "service",
                              sets,
                              reads,
                              join};

}  // namespace parapet::joins
