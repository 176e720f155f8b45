// mosquitto, sshd, redis and nginx by their own configuration files: who is let in, and what a
// proxy hands on without asking. https://mosquitto.org/man/mosquitto-conf-5.html,
// https://man.openbsd.org/sshd_config, https://nginx.org/en/docs/http/ngx_http_proxy_module.html
#include "base/text.h"
#include "dialects/dialect.h"
#include "model/service.h"

namespace parapet::dialects {
namespace {

// Ports on which products of an ML platform listen by default, for proxies that only name a port.
struct Behind {
  std::string_view port, product;
};
constexpr Behind behind[] = {
    {"5000", "mlflow"},      {"8265", "ray"},    {"8888", "jupyter"},  {"8081", "torchserve"},
    {"6006", "tensorboard"}, {"2746", "argo"},   {"4200", "prefect"},  {"8793", "airflow"},
    {"11434", "ollama"},     {"6333", "qdrant"}, {"9001", "minio"},    {"3000", "grafana"},
    {"8000", "triton"},      {"7860", "gradio"}, {"8501", "streamlit"}};

void put_setting(Sink& sink, std::string_view product, const Node& key, const Node& value) {
  Fact f{"setting", {}, key.place(), key.text + " " + printable(value.text, 120)};
  f.place.length = value.offset + value.length - key.offset;
  f.set("product", product).set("key", key.text).set("value", value.text);
  sink.add(std::move(f));
}

bool has_directive(const Node& block, std::string_view name) {
  const Node* n = block.at(name);
  return n != nullptr && n->text != "off";
}

// Follows nginx's blocks; a directive of an outer block holds for the inner ones.
void nginx(const Node& block, bool asks, Sink& sink, unsigned depth) {
  asks = asks || has_directive(block, "auth_basic") || has_directive(block, "auth_request") ||
         has_directive(block, "auth_jwt") || has_directive(block, "ssl_verify_client") ||
         (has_directive(block, "allow") && has_directive(block, "deny"));
  for (std::size_t i = 0; i < block.keys.size() && sink.next() && depth < 32; ++i) {
    const Node& value = block.items[i];
    if (value.is_map()) {
      nginx(value, asks, sink, depth + 1);
      continue;
    }
    if (block.keys[i].text != "proxy_pass") continue;
    std::string_view url = value.text;
    auto host = split_once(split_once(url, "://").after, "/").before;
    std::string_view port = host.rfind(':') == std::string_view::npos
                                ? std::string_view()
                                : host.substr(host.rfind(':') + 1);
    Fact f{"network", {}, block.keys[i].place(), "proxy_pass " + printable(url, 120)};
    f.set("type", "proxy")
        .set("name", host)
        .set("auth", asks ? "proxy" : "none")
        .set("reach", "network");
    if (!port.empty()) f.set("port", port);
    for (const Behind& b : behind)
      if (b.port == port || contains(host, b.product)) {
        f.set("product", b.product);
        break;
      }
    sink.add(std::move(f));
  }
}

void redis(const Node& root, Sink& sink) {
  bool asks = has_directive(root, "requirepass") || has_directive(root, "aclfile") ||
              has_directive(root, "user");
  const Node* bind = root.at("bind");
  std::string_view hosts = bind != nullptr ? std::string_view(bind->text) : "127.0.0.1";
  bool wide = contains(hosts, "0.0.0.0") || contains(hosts, "*") ||
              (root.at("protected-mode") != nullptr && root.at("protected-mode")->text == "no");
  const Node& at = bind != nullptr ? *bind : root;
  Fact from{"setting", {}, at.place(), "bind " + printable(hosts, 80)};
  sink.add(service_fact("redis", hosts, root.at("port") != nullptr ? root.text_at("port") : "6379",
                        wide ? "network" : "loopback", asks ? "password" : "none", from, -1));
}

void read(const Artifact& artifact, std::span<const Document> documents, Sink& sink) {
  std::string name = lower(file_name(artifact.name));
  for (const Document& d : documents) {
    if (d.syntax != "directives") continue;
    bool mosquitto = contains(name, "mosquitto") || contains(artifact.name, "mosquitto/") ||
                     d.root.at("allow_anonymous") != nullptr;
    bool sshd = contains(name, "sshd") || contains(artifact.name, "sshd_config.d/");
    if (mosquitto || sshd) {
      for (std::size_t i = 0; i < d.root.keys.size() && sink.next(); ++i)
        if (d.root.items[i].is_scalar())
          put_setting(sink, sshd ? "sshd" : "mosquitto", d.root.keys[i], d.root.items[i]);
    } else if (name.starts_with("redis")) {
      redis(d.root, sink);
    } else {
      nginx(d.root, false, sink, 0);
    }
  }
}

}  // namespace

extern const Dialect edge_services;
const Dialect edge_services{"edge_services", "nginx, mosquitto, sshd and redis by their own files",
                            read, nullptr};

}  // namespace parapet::dialects
