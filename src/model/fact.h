#pragma once
// The one currency: a typed thing seen, in the field's terms, whatever file it came from.
// docs/facts.md lists every kind with its attributes; a kind or attribute not listed there does not
// exist, and the golden tests hold that.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parapet {

// Where in an artifact. Lines and columns count from 1 and are 0 for binary artifacts.
struct Place {
  std::uint64_t offset = 0, length = 0;  // bytes
  std::uint32_t line = 0, column = 0;
  std::string pointer = {};  // inside a document: "services.mlflow.command"
};

// A name may stand several times (repeated flags, list items): the order is the file's.
struct Attribute {
  std::string name, value;
  bool known = true;  // false: written in the file but not resolvable, as "${PORT}"
};

struct Fact {
  std::string kind;
  std::vector<Attribute> attributes;
  Place place;
  std::string says;      // what a person should read as evidence; printable, secrets redacted
  std::int32_t of = -1;  // the fact this one belongs to (a process to its container), by index

  Fact& set(std::string_view name, std::string_view value, bool known = true) {
    attributes.push_back({std::string(name), std::string(value), known});
    return *this;
  }
  // Replaces every value of `name`.
  Fact& put(std::string_view name, std::string_view value) {
    std::erase_if(attributes, [&](const Attribute& a) { return a.name == name; });
    return set(name, value);
  }
  const Attribute* find(std::string_view name) const {
    for (const auto& a : attributes)
      if (a.name == name) return &a;
    return nullptr;
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // The first value; empty when absent.
  std::string_view get(std::string_view name) const {
    const auto* a = find(name);
    return a != nullptr ? std::string_view(a->value) : std::string_view();
  }
};

using Facts = std::vector<Fact>;

// How far a service can be reached, least first. A rule says `reach: {at-least: network}`.
//   loopback  only the same host (or pod)
//   host      published on the host's loopback only
//   cluster   the container network or cluster
//   network   every interface of a host, or a private load balancer
//   public    NodePort, LoadBalancer, Ingress, tunnel
inline constexpr std::string_view reach_scale[] = {"loopback", "host", "cluster", "network",
                                                   "public"};

}  // namespace parapet
