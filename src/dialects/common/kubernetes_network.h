#pragma once
// Kubernetes objects around the pods: what makes them reachable, what they may do, what they are
// told.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/sink.h"

namespace parapet::dialects {

using Labels = std::map<std::string, std::string>;

// metadata.labels of an object or a pod template.
Labels labels_of(const Node& object);
// "app=mlflow,tier=web"
std::string shown(const Labels& labels);

// Services, ingresses and policies of a file's objects. Puts their `network` facts.
class KubernetesNetwork {
 public:
  KubernetesNetwork(const std::vector<const Node*>& objects, Sink& sink);
  // How far a pod with these labels can be reached: by the services that select it; "cluster" at
  // least.
  std::string_view reach_of(const Labels& labels) const;

 private:
  struct Selecting {
    std::string name;
    Labels selector;
    std::string_view reach;
  };
  std::vector<Selecting> services_;
  std::multimap<std::string, std::size_t>
      by_label_;  // "key=value" of a selector's first label: its services
};

// Roles and bindings as `permission`; Secret and ConfigMap entries, namespace labels as `setting`.
void add_kubernetes_objects(const std::vector<const Node*>& objects, Sink& sink);

}  // namespace parapet::dialects
