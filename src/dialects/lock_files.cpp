// What lock files settle on: poetry.lock, pdm.lock, uv.lock (TOML: [[package]]), pylock.toml
// (PEP 751: [[packages]]), Pipfile.lock (JSON: default, develop), conda-lock.yml (package:).
#include "base/text.h"
#include "base/version.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

bool has_hash(const Node& package) {
  for (std::string_view list : {"files", "wheels", "hashes"})
    if (const Node* n = package.at(list); n != nullptr && n->is_list() && !n->items.empty())
      return true;
  return package.at("sdist") != nullptr || package.at("hash") != nullptr;
}

void add(Sink& sink, std::string_view name, std::string_view version, std::string_view manager,
         const Node& package, const Place& place) {
  if (name.empty()) return;
  Fact f{"dependency", {}, place, printable(name) + " " + printable(version, 60)};
  f.set("manager", manager).set("name", normalised_package(name));
  std::string_view git = package.text_at("source.git");
  if (git.empty()) git = package.text_at("git");
  if (git.empty()) git = package.text_at("vcs.url");
  if (!git.empty()) f.set("url", git);
  if (!version.empty()) f.set("specifier", "==" + std::string(version)).set("version", version);
  f.set("pinned", version.empty() && git.empty() ? "none" : "exact");
  sink.add(f.set("hash", has_hash(package) ? "yes" : "no"));
}

void read_list(const Node& list, Sink& sink) {
  for (const Node& p : list.items) {
    if (!sink.next() || !p.is_map()) return;
    // The project itself, as uv lists it.
    const Node* source = p.at("source");
    if (source != nullptr &&
        (source->at("editable") != nullptr || source->at("virtual") != nullptr))
      continue;
    const Node* name = p.at("name");
    if (name == nullptr) continue;
    std::string_view manager = p.text_at("manager");
    add(sink, name->text, p.text_at("version"), manager.empty() ? "pip" : manager, p,
        name->place());
  }
}

// "name": {"version": "==1.2", "hashes": [...]}
void read_pipfile(const Node& root, Sink& sink) {
  for (std::string_view group : {"default", "develop"}) {
    const Node* packages = root.at(group);
    if (packages == nullptr || !packages->is_map()) continue;
    for (std::size_t i = 0; i < packages->keys.size() && sink.next(); ++i) {
      const Node& p = packages->items[i];
      std::string_view version = p.text_at("version");
      if (version.starts_with("==")) version.remove_prefix(2);
      add(sink, packages->keys[i].text, version, "pip", p, packages->keys[i].place());
    }
  }
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  std::string name = lower(file_name(a.name));
  for (const Document& d : documents) {
    const Node* list = d.root.at(name.starts_with("pylock") ? "packages" : "package");
    bool toml = d.syntax == "toml" && name != "cargo.lock" &&
                (name.ends_with(".lock") || name.starts_with("pylock"));
    bool conda = d.syntax == "yaml" && contains(name, "conda-lock");
    if ((toml || conda) && list != nullptr && list->is_list()) {
      sink.is("lock-file");
      read_list(*list, sink);
    } else if (d.syntax == "json" && name == "pipfile.lock") {
      sink.is("lock-file");
      read_pipfile(d.root, sink);
    }
  }
}

}  // namespace

extern const Dialect lock_files;
const Dialect lock_files{"lock_files", "Lock files of Python and conda", read, nullptr};

}  // namespace parapet::dialects
