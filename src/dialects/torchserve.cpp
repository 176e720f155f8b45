// TorchServe: config.properties and how it was started.
// https://github.com/pytorch/serve/blob/master/docs/configuration.md
#include "dialects/common/container.h"
#include "dialects/common/service.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

struct Listener {
  std::string_view key, part, host, port;
};
constexpr Listener listeners[] = {{"inference_address", "inference", "127.0.0.1", "8080"},
                                  {"management_address", "management", "127.0.0.1", "8081"},
                                  {"metrics_address", "metrics", "127.0.0.1", "8082"}};

void read(const Artifact&, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (d.syntax != "ini" || !d.root.is_map()) continue;
    bool own = false;
    for (const Listener& l : listeners) own = own || d.root.at(l.key) != nullptr;
    if (!own && d.root.at("model_store") == nullptr) continue;
    sink.is("torchserve");
    add_settings(d.root, "torchserve", "", sink);
    bool open = d.root.text_at("disable_token_authorization") == "true";
    for (const Listener& l : listeners) {
      const Node* n = d.root.at(l.key);
      std::string_view address = n != nullptr ? std::string_view(n->text) : std::string_view();
      if (auto scheme = address.find("://"); scheme != std::string_view::npos)
        address.remove_prefix(scheme + 3);
      auto colon = address.rfind(':');
      std::string host(n == nullptr ? l.host : address.substr(0, colon));
      std::string port(n == nullptr || colon == std::string_view::npos ? l.port
                                                                       : address.substr(colon + 1));
      Fact f{"service",
             {},
             n != nullptr ? n->place() : d.root.place(),
             "TorchServe's " + std::string(l.part) + " on " + printable(host, 60) + ":" +
                 printable(port, 10)};
      f.set("product", "torchserve")
          .set("part", l.part)
          .set("port", port, is_known(port))
          .set("host", host, is_known(host));
      f.set("reach", is_loopback(host) ? "loopback" : "network", is_known(host));
      if (open) f.set("auth", "none");
      if (n != nullptr && n->text.starts_with("https")) f.set("control", "tls");
      sink.add(std::move(f));
    }
  }
}

void understand(const Artifact&, Sink& sink) {
  each_process(sink, {"torchserve"}, [&](std::int32_t i, const Fact& p) {
    const Attribute* disabled = variable(sink, p, "TS_DISABLE_TOKEN_AUTHORIZATION");
    bool open = has_flag(p, {"disable-token-auth", "disable-token"}) ||
                (disabled != nullptr && disabled->value == "true");
    std::string image(p.of >= 0 ? sink.fact(p.of).get("image") : std::string_view());
    // The image brings a config.properties that listens on all interfaces; elsewhere the default is
    // loopback.
    bool shipped = contains(image, "pytorch/torchserve");
    if (has_flag(p, {"ts-config"}) && !open) return;
    for (const Listener& l : listeners) {
      if (l.part == "metrics") continue;
      Setting host{shipped ? "0.0.0.0" : std::string(l.host), !has_flag(p, {"ts-config"}), false};
      add_service(
          sink, i,
          {"torchserve", host, {std::string(l.port), true, false}, open ? "none" : "", {}, l.part});
    }
  });
}

}  // namespace

extern const Dialect torchserve;
const Dialect torchserve{"torchserve", "TorchServe's configuration and listeners", read,
                         understand};

}  // namespace parapet::dialects
