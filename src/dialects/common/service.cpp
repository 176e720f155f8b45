#include "dialects/common/service.h"

#include "base/text.h"
#include "dialects/common/container.h"

namespace parapet::dialects {

namespace {

const Fact* container_of(const Sink& sink, const Fact& f) {
  const Fact* at = &f;
  for (int steps = 0; steps < 4 && at != nullptr; ++steps) {
    if (at->kind == "container") return at;
    at = at->of >= 0 && static_cast<std::size_t>(at->of) < sink.facts().size()
             ? &sink.facts()[static_cast<std::size_t>(at->of)]
             : nullptr;
  }
  return nullptr;
}

}  // namespace

Setting pick(const Fact& f, std::initializer_list<std::string_view> flags,
             std::initializer_list<std::string_view> variables, std::string_view otherwise) {
  for (std::string_view name : flags)
    if (const Attribute* a = f.find("flags." + std::string(name)))
      return {a->value, a->known, true};
  for (std::string_view name : variables)
    if (const Attribute* a = f.find("env." + std::string(name))) return {a->value, a->known, true};
  return {std::string(otherwise), true, false};
}

bool has_flag(const Fact& f, std::initializer_list<std::string_view> names) {
  for (std::string_view n : names)
    if (f.has("flags." + std::string(n))) return true;
  return false;
}

bool is_complete(const Sink& sink, const Fact& f) {
  if (f.get("complete") == "no" || f.has("env_file")) return false;
  const Fact* c = container_of(sink, f);
  return c == nullptr || !c->has("env_file");
}

const Attribute* variable(const Sink& sink, const Fact& f, std::string_view name) {
  std::string key = "env." + std::string(name);
  if (const Attribute* a = f.find(key)) return a;
  const Fact* c = container_of(sink, f);
  return c != nullptr ? c->find(key) : nullptr;
}

bool is_loopback(std::string_view host) {
  host = trim(host);
  return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]";
}

void each_fact(Sink& sink, std::string_view kind,
               const std::function<void(std::int32_t, const Fact&)>& see) {
  std::size_t count = sink.facts().size();
  for (std::size_t i = 0; i < count && sink.next(); ++i) {
    if (sink.facts()[i].kind != kind) continue;
    Fact copy = sink.facts()[i];
    see(static_cast<std::int32_t>(i), copy);
  }
}

void each_process(Sink& sink, std::initializer_list<std::string_view> programs,
                  const std::function<void(std::int32_t, const Fact&)>& see) {
  std::size_t count = sink.facts().size();
  for (std::size_t i = 0; i < count && sink.next(); ++i) {
    if (sink.facts()[i].kind != "process") continue;
    std::string_view program = sink.facts()[i].get("program");
    bool match = false;
    for (std::string_view p : programs) match = match || p == program;
    if (!match) continue;
    Fact copy = sink.facts()[i];
    see(static_cast<std::int32_t>(i), copy);
  }
}

std::string auth_unless(const Sink& sink, const Fact& process,
                        std::initializer_list<std::string_view> flags,
                        std::initializer_list<std::string_view> variables, std::string_view with) {
  for (std::string_view f : flags)
    if (const Attribute* a = process.find("flags." + std::string(f));
        a != nullptr && (!a->known || !a->value.empty()))
      return std::string(with);
  for (std::string_view v : variables)
    if (const Attribute* a = variable(sink, process, v);
        a != nullptr && (!a->known || !a->value.empty()))
      return std::string(with);
  return is_complete(sink, process) ? "none" : "";
}

std::int32_t add_service(Sink& sink, std::int32_t from, const Serving& s) {
  Fact process = sink.fact(from);  // a copy: adding a fact moves the others
  std::string_view base = process.get("reach");
  const Fact* container = container_of(sink, process);
  if (base.empty() && container != nullptr) base = container->get("reach");
  if (container != nullptr && container->has("port") && container->get("via") == "compose" &&
      s.port.known && container->get("network_mode") != "host") {
    std::string_view by_port;
    bool unknown = false;
    for (const Attribute& a : container->attributes) {
      if (a.name != "port") continue;
      Published p = read_port(a.value);
      unknown = unknown || !a.known || contains(p.inside, "-");
      if (p.inside == s.port.value) by_port = farther(by_port, p.reach);
    }
    if (!by_port.empty())
      base = by_port;
    else if (!unknown)
      base = "cluster";
  }
  std::string reach(base);
  bool known = true;
  if (is_loopback(s.host.value) && s.host.known)
    reach = "loopback";
  else if (reach.empty())
    reach = "network", known = s.host.known;
  else
    known = s.host.known;
  Fact f{"service", {}, process.place, {}};
  f.set("product", s.product);
  if (!s.part.empty()) f.set("part", s.part);
  if (!s.port.value.empty()) f.set("port", s.port.value, s.port.known);
  if (!s.host.value.empty()) f.set("host", s.host.value, s.host.known);
  f.set("reach", reach, known);
  if (!s.auth.empty()) f.set("auth", s.auth);
  for (const std::string& c : s.controls) f.set("control", c);
  f.says = std::string(s.product) + (s.part.empty() ? "" : " " + std::string(s.part)) + " on " +
           printable(s.host.value, 60) + ":" + printable(s.port.value, 20) +
           (s.auth.empty() ? "" : ", auth " + s.auth);
  f.of = from;
  std::int32_t index = sink.add(std::move(f));
  if (process.kind == "process" && s.part.empty()) {
    sink.fact(from).put("reach", reach);
    for (Attribute& a : sink.fact(from).attributes)
      if (a.name == "reach") a.known = known;
  }
  return index;
}

}  // namespace parapet::dialects
