// What npm installs: package.json, package-lock.json (versions 1 to 3) and npm-shrinkwrap.json.
// https://docs.npmjs.com/cli/v10/configuring-npm/package-json
#include "base/text.h"
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void add(Sink& sink, std::string_view name, std::string_view range, bool locked, bool hash,
         const Place& place, std::int32_t of = -1) {
  if (name.empty() || range.starts_with("file:") || range.starts_with("workspace:") ||
      range.starts_with("link:"))
    return;
  Fact f{"dependency", {}, place, printable(name) + " " + printable(range, 60)};
  f.set("manager", "npm").set("name", name);
  f.of = of;
  bool exact = locked || (!range.empty() && is_digit(range[0]) && !contains(range, " ") &&
                          !contains(range, "x") && !contains(range, "*"));
  if (contains(range, "://") || range.starts_with("git") || range.starts_with("github:"))
    f.set("url", range).set("pinned", contains(range, "#") ? "exact" : "none");
  else if (exact)
    f.set("specifier", "==" + std::string(range)).set("version", range).set("pinned", "exact");
  else
    f.set("specifier", range).set("pinned", range.empty() || range == "*" ? "none" : "range");
  sink.add(f.set("hash", hash ? "yes" : "no"));
}

void read_manifest(const Node& root, Sink& sink) {
  for (std::string_view list :
       {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}) {
    const Node* packages = root.at(list);
    if (packages == nullptr || !packages->is_map()) continue;
    for (std::size_t i = 0; i < packages->keys.size() && sink.next(); ++i)
      if (packages->items[i].is_scalar())
        add(sink, packages->keys[i].text, packages->items[i].text, false, false,
            packages->keys[i].place());
  }
}

// "node_modules/a/node_modules/@b/c" is @b/c.
std::string_view name_of_path(std::string_view path) {
  constexpr std::string_view folder = "node_modules/";
  auto at = path.rfind(folder);
  return at == std::string_view::npos ? std::string_view() : path.substr(at + folder.size());
}

void read_lock(const Node& root, Sink& sink) {
  const Node* packages = root.at("packages");
  bool by_path = packages != nullptr && packages->is_map();
  if (!by_path) packages = root.at("dependencies");
  if (packages == nullptr || !packages->is_map()) return;
  for (std::size_t i = 0; i < packages->keys.size() && sink.next(); ++i) {
    const Node& p = packages->items[i];
    if (!p.is_map() || p.text_at("link") == "true") continue;
    std::string_view name = packages->keys[i].text;
    add(sink, by_path ? name_of_path(name) : name, p.text_at("version"), true,
        p.at("integrity") != nullptr, packages->keys[i].place());
  }
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  std::string name = lower(file_name(a.name));
  bool lock = name == "package-lock.json" || name == "npm-shrinkwrap.json";
  if (!lock && name != "package.json") return;
  for (const Document& d : documents) {
    if (d.syntax != "json" || !d.root.is_map()) continue;
    sink.is(lock ? "npm-lock" : "npm-package");
    lock ? read_lock(d.root, sink) : read_manifest(d.root, sink);
  }
}

// `npx -y name@1.2.3`, `npm install -g name`: "@scope/name@1.2" has its version after the last "@".
void understand(const Artifact&, Sink& sink) {
  each_process(sink, {"npx", "bunx", "npm"}, [&](std::int32_t i, const Fact& p) {
    std::string_view command = p.get("subcommand");
    bool installs = command == "install" || command == "i" || command == "add" || command == "exec";
    if (p.get("program") == "npm" && !installs) return;
    Attribute package;
    for (std::string_view flag : {"flags.package", "flags.p"})
      if (const Attribute* a = p.find(flag); a != nullptr && a->value != "true") package = *a;
    if (const Attribute* first = p.find("args"); package.value.empty() && first != nullptr)
      package = *first;
    if (package.value.empty() || !package.known || package.value.starts_with('.')) return;
    auto at = package.value.rfind('@');
    bool versioned = at != std::string::npos && at != 0;
    std::string_view version =
        versioned ? std::string_view(package.value).substr(at + 1) : std::string_view();
    Place place = p.place;
    add(sink, std::string_view(package.value).substr(0, versioned ? at : std::string::npos),
        version, false, false, place, i);
  });
}

}  // namespace

extern const Dialect npm_packages;
const Dialect npm_packages{"npm_packages", "Packages that npm installs", read, understand};

}  // namespace parapet::dialects
