#pragma once
// The `service` fact: something that answers on a port, with how far it is reached and whether it
// asks who is there.
#include <string>
#include <string_view>

#include "base/text.h"
#include "model/fact.h"

namespace parapet {

// Empty arguments are left out: an absent `auth` or `reach` means that the files do not settle it.
inline Fact service_fact(std::string_view product, std::string_view host, std::string_view port,
                         std::string_view reach, std::string_view auth, const Fact& from,
                         std::int32_t of) {
  Fact f{"service", {}, from.place, {}, of};
  f.set("product", product);
  if (!host.empty()) f.set("host", host);
  if (!port.empty()) f.set("port", port);
  if (!reach.empty()) f.set("reach", reach);
  if (!auth.empty()) f.set("auth", auth);
  f.says = from.says;
  return f;
}

// How far an address to listen on is reached when nothing else is known.
inline std::string_view reach_of_host(std::string_view host) {
  if (host == "127.0.0.1" || host == "localhost" || host == "::1" || host == "[::1]")
    return "loopback";
  return "network";
}

// How far a container is reached: what its orchestrator said, else by its published ports.
inline std::string_view reach_of_container(const Fact& container) {
  if (container.has("reach")) return container.get("reach");
  std::string_view reach = "cluster";
  for (const Attribute& a : container.attributes) {
    if (a.name == "network_mode" && a.value == "host") return "network";
    if (a.name != "port") continue;
    bool local = a.value.starts_with("127.") || a.value.starts_with("localhost") ||
                 a.value.starts_with("[::1]");
    if (!local) return "network";
    reach = "host";
  }
  return reach;
}

}  // namespace parapet
