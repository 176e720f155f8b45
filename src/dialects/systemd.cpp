// systemd service units. https://www.freedesktop.org/software/systemd/man/systemd.service.html
#include "base/text.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void read_unit(const Artifact& a, const Node& service, Sink& sink) {
  Source source(a);
  std::vector<Assignment> given;
  Environment env;
  std::string_view file;
  for (std::size_t i = 0; i < service.keys.size(); ++i) {
    const Node& v = service.items[i];
    if (service.keys[i].text == "EnvironmentFile" && v.is_scalar()) file = v.text;
    if (service.keys[i].text != "Environment" || !v.is_scalar()) continue;
    // Quotes stand around the whole assignment: "A=b c"
    for (const SimpleCommand& c : split_commands(v.quoted ? "\"" + v.text + "\"" : v.text)) {
      for (const Assignment& x : c.assignments) given.push_back(x);
      for (const Word& w : c.words) {
        auto [name, value, found] = split_once(w.text, "=");
        if (found) given.push_back({std::string(name), {std::string(value), 0, 0, w.known, true}});
      }
    }
  }
  for (const Assignment& x : given)
    if (x.value.known) env.insert_or_assign(x.name, x.value.text);
  for (std::size_t i = 0; i < service.keys.size() && sink.next(); ++i) {
    const Node& v = service.items[i];
    if (!v.is_scalar() || !service.keys[i].text.starts_with("ExecStart") || v.text.empty())
      continue;
    Node command = v;  // "-/bin/x", "+x", "@x": how systemd starts it, not part of the name
    while (!command.text.empty() &&
           (command.text[0] == '-' || command.text[0] == '+' || command.text[0] == '@' ||
            command.text[0] == '!' || command.text[0] == ':'))
      command.text.erase(0, 1);
    ContainerCommand c;
    c.node = &command;
    c.via = "systemd";
    c.given = given;
    c.env = env;
    for (std::int32_t p : add_command(sink, source, c)) {
      Fact& f = sink.fact(p);
      f.place = v.place();
      std::string_view user = service.text_at("User");
      f.set("user", user.empty() ? "root" : user, is_known(user));
      if (!file.empty()) f.set("env_file", file);
    }
  }
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    const Node* service = d.syntax == "ini" ? d.root.at("Service") : nullptr;
    if (service == nullptr || !service->is_map() ||
        (service->at("ExecStart") == nullptr && service->at("Environment") == nullptr))
      continue;
    sink.is("systemd");
    read_unit(a, *service, sink);
  }
}

}  // namespace

extern const Dialect systemd;
const Dialect systemd{"systemd", "systemd service units", read, nullptr};

}  // namespace parapet::dialects
