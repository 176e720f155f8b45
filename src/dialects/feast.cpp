// Feast: feature_store.yaml. https://docs.feast.dev/reference/feature-repository/feature-store-yaml
#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (d.syntax != "yaml" || !d.root.is_map()) continue;
    bool own = d.root.at("registry") != nullptr && d.root.at("provider") != nullptr &&
               (d.root.at("project") != nullptr || d.root.at("online_store") != nullptr);
    if (!own && file_name(a.name) != "feature_store.yaml") continue;
    sink.is("feast");
    add_settings(d.root, "feast", "", sink);
    // The file says how accounts work; without the key nobody needs one.
    const Node* type = d.root.find("auth.type");
    Fact f{"setting", {}, type != nullptr ? type->place() : d.root.place(), "Feast's accounts"};
    if (d.root.at("auth") == nullptr)
      sink.add(f.set("product", "feast").set("key", "auth").set("value", "absent"));
    for (std::string_view store : {"online_store", "offline_store"}) {
      const Node* n = d.root.at(store);
      if (n == nullptr || !n->is_map()) continue;
      std::string_view connection = n->text_at("connection_string");
      Fact s{"storage",
             {},
             n->place(),
             "Feast's " + std::string(store) + " " + printable(n->text_at("type"), 40)};
      s.set("type", n->text_at("type")).set("name", store);
      if (!connection.empty()) s.set("url", connection, is_known(connection));
      if (n->at("type") != nullptr && n->text_at("type") == "redis")
        s.set("tls", contains(connection, "ssl=true") ? "yes" : "no");
      sink.add(std::move(s));
    }
  }
}

}  // namespace

extern const Dialect feast;
const Dialect feast{"feast", "Feast feature stores", read, nullptr};

}  // namespace parapet::dialects
