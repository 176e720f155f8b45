// Ray: the head node's dashboard (which runs jobs for whoever asks) and client port.
// https://docs.ray.io/en/latest/ray-security/index.html
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void understand(const Artifact&, Sink& sink) {
  each_process(sink, {"ray"}, [&](std::int32_t i, const Fact& p) {
    if (p.get("subcommand") != "start" || !has_flag(p, {"head"})) return;
    const Attribute* mode = variable(sink, p, "RAY_AUTH_MODE");
    std::string auth = mode != nullptr        ? (mode->value == "token" ? "token"
                                                 : mode->known          ? "none"
                                                                        : "")
                       : is_complete(sink, p) ? "none"
                                              : "";
    const Attribute* tls = variable(sink, p, "RAY_USE_TLS");
    std::vector<std::string> controls;
    if (tls != nullptr && tls->value == "1") controls.emplace_back("tls");
    // Head and client listen on the node's address, which others must reach.
    add_service(sink, i,
                {"ray",
                 {"0.0.0.0", true, false},
                 pick(p, {"ray-client-server-port"}, {}, "10001"),
                 auth,
                 controls,
                 "client"});
    Setting on = pick(p, {"include-dashboard"}, {}, "true");
    if (on.value != "false" && on.value != "False")
      add_service(sink, i,
                  {"ray",
                   pick(p, {"dashboard-host"}, {}, "127.0.0.1"),
                   pick(p, {"dashboard-port"}, {}, "8265"),
                   auth,
                   controls,
                   {}});
  });
}

}  // namespace

extern const Dialect ray;
const Dialect ray{"ray", "Ray head nodes", nullptr, understand};

}  // namespace parapet::dialects
