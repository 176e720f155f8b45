// MLflow: the tracking server wherever it is started, and its basic_auth.ini.
// https://mlflow.org/docs/latest/cli.html, https://mlflow.org/docs/latest/auth/
#include "base/secret_names.h"
#include "base/text.h"
#include "dialects/common/service.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    const Node* section = d.syntax == "ini" ? d.root.at("mlflow") : nullptr;
    bool own =
        section != nullptr && section->is_map() &&
        (section->at("default_permission") != nullptr || section->at("admin_password") != nullptr);
    if (!own && !(file_name(a.name) == "basic_auth.ini" && section != nullptr)) continue;
    sink.is("mlflow");
    add_settings(*section, "mlflow", "", sink);
    const Node* password = section->at("admin_password");
    if (password == nullptr) continue;
    Fact f{"identity",
           {},
           password->place(),
           "MLflow's administrator " + printable(section->text_at("admin_username"), 40)};
    f.set("product", "mlflow").set("user", section->text_at("admin_username")).set("role", "admin");
    f.set("secret", password->text == "password1234" ? "default"
                    : is_placeholder(password->text) ? "empty"
                                                     : "literal");
    sink.add(std::move(f));
  }
}

void understand(const Artifact&, Sink& sink) {
  each_process(sink, {"mlflow"}, [&](std::int32_t i, const Fact& p) {
    std::string_view command = p.get("subcommand");
    bool models = command == "models" && p.get("args") == "serve";
    if (command != "server" && command != "ui" && !models) return;
    Serving s;
    s.product = models ? "mlflow-models" : "mlflow";
    s.host = pick(p, {"host", "h"}, {"MLFLOW_HOST"}, "127.0.0.1");
    s.port = pick(p, {"port", "p"}, {"MLFLOW_PORT"}, "5000");
    const Attribute* app = p.find("flags.app-name");
    if (app != nullptr && app->known)
      s.auth = app->value == "basic-auth" ? "basic" : "";
    else if (app == nullptr && is_complete(sink, p))
      s.auth = "none";
    if (has_flag(p, {"allowed-hosts"})) s.controls.emplace_back("allowed-hosts");
    add_service(sink, i, s);
  });
}

}  // namespace

extern const Dialect mlflow;
const Dialect mlflow{"mlflow", "MLflow tracking servers and their accounts", read, understand};

}  // namespace parapet::dialects
