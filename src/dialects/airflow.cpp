// Apache Airflow: airflow.cfg and AIRFLOW__SECTION__KEY variables, which mean the same.
// https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html
#include "base/secret_names.h"
#include "base/text.h"
#include "dialects/common/service.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (d.syntax != "ini") continue;
    const Node* core = d.root.at("core");
    bool own = file_name(a.name) == "airflow.cfg" ||
               (core != nullptr && core->is_map() &&
                (core->at("dags_folder") != nullptr || core->at("fernet_key") != nullptr));
    for (std::size_t i = 0; i < d.root.keys.size(); ++i) {
      const Node& v = d.root.items[i];
      if (own && v.is_map()) add_settings(v, "airflow", d.root.keys[i].text, sink);
    }
    if (own) sink.is("airflow");
  }
}

// AIRFLOW__CORE__FERNET_KEY -> core.fernet_key
std::string key_of(std::string_view variable) {
  auto [section, key, found] = split_once(variable.substr(9), "__");
  return found ? lower(section) + "." + lower(key) : std::string();
}

void understand(const Artifact&, Sink& sink) {
  auto see = [&](std::int32_t i, const Fact& f) {
    for (const Attribute& a : f.attributes) {
      if (!a.name.starts_with("env.AIRFLOW__")) continue;
      std::string key = key_of(std::string_view(a.name).substr(4));
      if (key.empty()) continue;
      Fact s{"setting", {}, f.place, without_secrets(key + " = " + a.value, 160)};
      s.set("product", "airflow").set("key", key).set("value", a.value, a.known);
      s.of = i;
      sink.add(std::move(s));
    }
    const Attribute* password = f.find("env._AIRFLOW_WWW_USER_PASSWORD");
    if (password == nullptr) return;
    Fact id{"identity",
            {},
            f.place,
            "Airflow's first account " + printable(f.get("env._AIRFLOW_WWW_USER_USERNAME"), 40)};
    id.set("product", "airflow")
        .set("user", f.get("env._AIRFLOW_WWW_USER_USERNAME"))
        .set("role", "admin");
    bool shipped = password->value == "airflow" || password->value == "admin";
    id.set("secret", shipped ? "default" : "literal", password->known);
    id.of = i;
    sink.add(std::move(id));
  };
  each_fact(sink, "container", see);
}

}  // namespace

extern const Dialect airflow;
const Dialect airflow{"airflow", "Airflow's settings", read, understand};

}  // namespace parapet::dialects
