// Jupyter Server and Notebook: how it was started and jupyter_*_config.json.
// https://jupyter-server.readthedocs.io/en/latest/other/full-config.html
#include "base/text.h"
#include "dialects/common/service.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

constexpr std::string_view apps[] = {"ServerApp", "NotebookApp", "IdentityProvider", "LabApp",
                                     "PasswordIdentityProvider"};

// The server that the file describes, as far as it says how it is reached.
void add_configured(const Node& root, Sink& sink) {
  const Node* ip = nullptr;
  const Node* port = nullptr;
  const Node* token = nullptr;
  const Node* password = nullptr;
  for (std::string_view app : apps) {
    const Node* n = root.at(app);
    if (n == nullptr) continue;
    auto take = [&](const Node*& to, std::string_view key) {
      if (const Node* v = n->at(key); v != nullptr && v->is_scalar()) to = v;
    };
    take(ip, "ip");
    take(port, "port");
    take(token, "token");
    take(password, "password");
    take(password, "hashed_password");
  }
  const Node* at = ip != nullptr ? ip : token;
  if (at == nullptr) return;
  std::string_view host = ip != nullptr ? std::string_view(ip->text) : "localhost";
  Fact f{"service", {}, at->place(), "jupyter on " + printable(host, 60)};
  f.set("product", "jupyter")
      .set("port", port != nullptr ? std::string_view(port->text) : "8888")
      .set("host", host);
  f.set("reach", is_loopback(host) ? "loopback" : "network");
  bool protected_by = password != nullptr && !password->text.empty();
  if (protected_by)
    f.set("auth", "password");
  else if (token != nullptr)
    f.set("auth", token->text.empty() ? "none" : "token");
  sink.add(std::move(f));
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  std::string name = lower(file_name(a.name));
  bool named = name.starts_with("jupyter_") && name.ends_with("config.json");
  for (const Document& d : documents) {
    if (d.syntax != "json" || !d.root.is_map()) continue;
    bool own = named;
    for (std::string_view app : apps)
      if (const Node* n = d.root.at(app))
        own = own || (n->is_map() && (n->at("token") != nullptr || n->at("ip") != nullptr ||
                                      n->at("password") != nullptr));
    if (!own) continue;
    sink.is("jupyter");
    add_settings(d.root, "jupyter", "", sink);
    add_configured(d.root, sink);
  }
}

const Attribute* trait(const Fact& p, std::string_view name) {
  if (const Attribute* a = p.find("flags." + std::string(name))) return a;
  for (std::string_view app : apps)
    if (const Attribute* a = p.find("flags." + std::string(app) + "." + std::string(name)))
      return a;
  return nullptr;
}

bool is_empty(const Attribute& a) {
  return a.known && (a.value.empty() || a.value == "''" || a.value == "\"\"" || a.value == "None");
}

void understand(const Artifact&, Sink& sink) {
  each_process(
      sink,
      {"jupyter", "start-notebook.sh", "start-notebook.py", "start-singleuser.sh", "start.sh"},
      [&](std::int32_t i, const Fact& p) {
        std::string_view command = p.get("subcommand");
        bool script = p.get("program").starts_with(
            "start-");  // of the Jupyter images: listens on all interfaces
        if (p.get("program") == "start.sh" && !contains(p.get("line"), "jupyter")) return;
        if (p.get("program") == "jupyter" && command != "lab" && command != "notebook" &&
            command != "server" && !command.empty())
          return;
        Serving s;
        s.product = "jupyter";
        const Attribute* ip = trait(p, "ip");
        s.host = ip != nullptr ? Setting{ip->value, ip->known, true}
                               : Setting{script ? "0.0.0.0" : "localhost", true, false};
        const Attribute* port = trait(p, "port");
        s.port = port != nullptr ? Setting{port->value, port->known, true}
                                 : Setting{"8888", true, false};
        const Attribute* token = trait(p, "token");
        const Attribute* password = trait(p, "password");
        if (password == nullptr) password = trait(p, "hashed_password");
        const Attribute* variable_token = variable(sink, p, "JUPYTER_TOKEN");
        if (password != nullptr && !is_empty(*password))
          s.auth = "password";
        else if (token != nullptr)
          s.auth = is_empty(*token) ? "none" : "token";
        else if (variable_token != nullptr || is_complete(sink, p))
          s.auth = "token";  // the default: a random one
        add_service(sink, i, s);
      });
}

}  // namespace

extern const Dialect jupyter;
const Dialect jupyter{"jupyter", "Jupyter servers and their configuration", read, understand};

}  // namespace parapet::dialects
