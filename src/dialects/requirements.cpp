// Python and conda dependencies: requirement files, pyproject.toml, Pipfile, environment.yml,
// pip.conf, and `pip install` wherever it is run.
#include <algorithm>

#include "base/secret_names.h"
#include "base/version.h"
#include "dialects/common/container.h"
#include "dialects/common/requirement.h"
#include "dialects/common/service.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

// uvx and pipx write "ruff@0.4" for "ruff==0.4".
std::string with_exact_sign(std::string_view word) {
  auto at = word.find('@');
  bool version = at != std::string_view::npos && at + 1 < word.size() && is_digit(word[at + 1]);
  return version ? std::string(word.substr(0, at)) + "==" + std::string(word.substr(at + 1))
                 : std::string(word);
}

std::string_view index_option(std::string_view name) {
  if (name == "i" || name == "index-url" || name == "index_url") return "index-url";
  if (name == "extra-index-url" || name == "extra_index_url") return "extra-index-url";
  if (name == "trusted-host" || name == "trusted_host" || name == "allow-insecure-host")
    return "trusted-host";
  if (name == "f" || name == "find-links" || name == "find_links") return "find-links";
  return {};
}

// -r FILE and -c FILE, and their long forms; empty: it is another line.
std::string_view included_by(std::string_view line) {
  for (std::string_view option : {"-r", "-c", "--requirement", "--constraint"}) {
    if (!line.starts_with(option)) continue;
    std::string_view rest = line.substr(option.size());
    bool is_long = option.starts_with("--");
    if (is_long && !rest.starts_with('=') && !rest.starts_with(' ')) continue;
    if (rest.starts_with('=')) rest.remove_prefix(1);
    return trim(rest);
  }
  return {};
}

void read_line(const Node& n, Sink& sink) {
  std::string_view line = n.text;
  if (auto file = included_by(line); !file.empty()) {
    Fact f{"reference", {}, n.place(), "includes " + printable(file, 200)};
    f.set("what", "include").set("format", "requirements");
    sink.add(f.set("target", file, is_known(file)));
    return;
  }
  if (line.starts_with("-e ")) line = trim(line.substr(3));
  if (line.starts_with("--editable ")) line = trim(line.substr(11));
  if (!line.starts_with('-')) {
    if (!line.starts_with('.') && !line.starts_with('/'))
      add_requirement(sink, line, is_known(line), "pip", n.place());
    return;
  }
  std::vector<Word> words = words_of({"pip"});
  for (const SimpleCommand& c : split_commands(line))
    words.insert(words.end(), c.words.begin(), c.words.end());
  for (const Flag& f : understand(words, {}).flags)
    if (std::string_view option = index_option(f.name); !option.empty())
      add_index(sink, option, f.value, f.known, n.place());
}

void read_list(const Node* list, std::string_view manager, Sink& sink) {
  for (const Node* n : scalars(list))
    add_requirement(sink, n->text, is_known(n->text), manager, n->place());
}

// name = "^1.2" or name = {version = "*", git = "..."}: Poetry and Pipfile.
void read_table(const Node* table, Sink& sink) {
  if (table == nullptr || !table->is_map()) return;
  for (std::size_t i = 0; i < table->keys.size() && sink.next(); ++i) {
    const Node& v = table->items[i];
    const std::string& name = table->keys[i].text;
    if (name == "python" || (v.is_map() && v.at("path") != nullptr)) continue;
    std::string_view version = v.is_scalar() ? std::string_view(v.text) : v.text_at("version");
    Fact f{
        "dependency", {}, table->keys[i].place(), printable(name) + " " + printable(version, 60)};
    f.set("manager", "pip").set("name", normalised_package(name));
    std::string_view git = v.text_at("git");
    if (!git.empty()) {
      std::string_view rev = v.text_at("rev");
      f.set("url", git).set("pinned", rev.size() == 40 ? "exact" : "none").set("hash", "no");
    } else {
      bool exact = (version.starts_with("==") || is_digit(version.empty() ? ' ' : version[0])) &&
                   !contains(version, "*") && !contains(version, ",");
      if (!version.empty()) f.set("specifier", version);
      if (exact) f.set("version", trim(without_signs(version)));
      f.set("pinned", exact                               ? "exact"
                      : version.empty() || version == "*" ? "none"
                                                          : "range")
          .set("hash", "no");
    }
    sink.add(std::move(f));
  }
}

void read_sources(const Node* sources, std::string_view option, Sink& sink) {
  if (sources == nullptr || !sources->is_list()) return;
  bool first = true;
  for (const Node& s : sources->items) {
    const Node* url = s.at("url");
    if (url == nullptr || !url->is_scalar()) continue;
    bool standard = is_true(s.at("default")) || s.text_at("priority") == "primary" ||
                    (option == "pipfile" && first);
    bool explicit_only = is_true(s.at("explicit")) || s.text_at("priority") == "explicit";
    if (!explicit_only)
      add_index(sink, standard ? "index-url" : "extra-index-url", url->text, is_known(url->text),
                url->place());
    if (s.text_at("verify_ssl") == "false")
      add_index(sink, "trusted-host", url->text, is_known(url->text), url->place());
    first = false;
  }
}

void read_pyproject(const Node& root, Sink& sink) {
  sink.is("pyproject");
  read_list(root.find("project.dependencies"), "pip", sink);
  read_list(root.find("build-system.requires"), "pip", sink);
  for (std::string_view path : {"project.optional-dependencies", "dependency-groups"})
    if (const Node* groups = root.find(path); groups != nullptr && groups->is_map())
      for (const Node& g : groups->items) read_list(&g, "pip", sink);
  read_table(root.find("tool.poetry.dependencies"), sink);
  read_table(root.find("tool.poetry.dev-dependencies"), sink);
  if (const Node* groups = root.find("tool.poetry.group"); groups != nullptr && groups->is_map())
    for (const Node& g : groups->items) read_table(g.at("dependencies"), sink);
  if (const Node* groups = root.find("tool.pdm.dev-dependencies");
      groups != nullptr && groups->is_map())
    for (const Node& g : groups->items) read_list(&g, "pip", sink);
  if (const Node* envs = root.find("tool.hatch.envs"); envs != nullptr && envs->is_map())
    for (const Node& e : envs->items)
      for (std::string_view list : {"dependencies", "extra-dependencies"})
        read_list(e.at(list), "pip", sink);
  for (std::string_view list : {"tool.uv.dev-dependencies", "tool.uv.constraint-dependencies",
                                "tool.uv.override-dependencies"})
    read_list(root.find(list), "pip", sink);
  read_sources(root.find("tool.poetry.source"), "", sink);
  read_sources(root.find("tool.uv.index"), "", sink);
  for (const Node* n : scalars(root.find("tool.uv.extra-index-url")))
    add_index(sink, "extra-index-url", n->text, is_known(n->text), n->place());
  if (const Node* n = root.find("tool.uv.index-strategy"))
    add_setting("uv", "index-strategy", *n, sink);
}

void read_environment(const Node& root, Sink& sink) {
  sink.is("conda-environment");
  for (const Node* n : scalars(root.at("channels")))
    if (contains(n->text, "://"))
      add_index(sink, "index-url", n->text, is_known(n->text), n->place());
  for (const Node* n : scalars(root.at("channels"))) add_setting("conda", "channels", *n, sink);
  const Node& list = *root.at("dependencies");
  for (const Node& n : list.items) {
    if (n.is_scalar()) {
      std::string_view name = n.text;
      if (auto channel = name.find("::"); channel != std::string_view::npos)
        name.remove_prefix(channel + 2);
      add_requirement(sink, name, true, "conda", n.place());
    }
    if (const Node* pip = n.at("pip"); pip != nullptr && pip->is_list())
      for (const Node& p : pip->items)
        if (p.is_scalar()) read_line(p, sink);
  }
}

void read_pip_conf(const Node& root, Sink& sink) {
  for (const Node& section : root.items)
    if (section.is_map())
      for (std::size_t i = 0; i < section.keys.size(); ++i)
        if (std::string_view option = index_option(section.keys[i].text);
            !option.empty() && section.items[i].is_scalar())
          for (std::string_view url : split(section.items[i].text, '\n'))
            for (std::string_view one : split(url, ' '))
              add_index(sink, option, one, is_known(one), section.items[i].place());
}

// One requirement a line in the values of [options] and [options.extras_require].
void read_setup_cfg(const Node& root, Sink& sink) {
  auto read_lines = [&](const Node& value) {
    for (std::string_view line : split(value.text, '\n'))
      if (line = trim(line); !line.empty() && !line.starts_with('#'))
        add_requirement(sink, line, is_known(line), "pip", value.place());
  };
  if (const Node* options = root.at("options"); options != nullptr)
    for (std::string_view key : {"install_requires", "setup_requires", "tests_require"})
      if (const Node* n = options->at(key); n != nullptr && n->is_scalar()) read_lines(*n);
  if (const Node* extras = root.at("options.extras_require"); extras != nullptr)
    for (const Node& n : extras->items)
      if (n.is_scalar()) read_lines(n);
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  std::string name = lower(file_name(a.name));
  for (const Document& d : documents) {
    if (d.syntax == "lines") {
      for (const Node& n : d.root.items)
        if (sink.next()) read_line(n, sink);
    } else if (d.syntax == "toml" && name == "pipfile") {
      read_table(d.root.at("packages"), sink);
      read_table(d.root.at("dev-packages"), sink);
      read_sources(d.root.at("source"), "pipfile", sink);
    } else if (d.syntax == "toml" &&
               (d.root.at("project") != nullptr || d.root.find("tool.poetry") != nullptr ||
                d.root.find("tool.uv") != nullptr)) {
      read_pyproject(d.root, sink);
    } else if (d.syntax == "yaml" && d.root.at("dependencies") != nullptr &&
               d.root.at("dependencies")->is_list() &&
               (d.root.at("channels") != nullptr || name.starts_with("environment") ||
                name.starts_with("conda"))) {
      read_environment(d.root, sink);
    } else if (d.syntax == "ini" && name == "setup.cfg") {
      read_setup_cfg(d.root, sink);
    } else if (d.syntax == "ini" && (name == "pip.conf" || name == "pip.ini")) {
      read_pip_conf(d.root, sink);
    }
  }
}

// `uvx ruff==0.4`, `uvx --from httpie http`, `pipx run black==24.1`, `uv tool run x`: a package
// that is fetched and run at once.
void understand_runners(Sink& sink) {
  each_process(sink, {"uvx", "pipx", "uv"}, [&](std::int32_t i, const Fact& p) {
    std::vector<Attribute> args;
    for (const Attribute& a : p.attributes)
      if (a.name == "args") args.push_back(a);
    std::string_view program = p.get("program");
    std::string_view command = p.get("subcommand");
    if (program == "uv" && command != "tool") return;
    if (program != "uvx") {
      if (args.empty() || (args[0].value != "run" && args[0].value != "install")) return;
      args.erase(args.begin());
    }
    std::vector<Attribute> packages;
    if (const Attribute* from = p.find("flags.from"); from != nullptr)
      packages.push_back(*from);
    else if (!args.empty())
      packages.push_back({{}, with_exact_sign(args[0].value), args[0].known});
    for (const Attribute& a : p.attributes)
      if (a.name == "flags.with") packages.push_back(a);
    Place place = p.place;
    for (const Attribute& a : packages) add_requirement(sink, a.value, a.known, "pip", place, i);
  });
}

struct Quoted {
  std::string text;
  std::size_t offset;  // in the text that was searched
};

// The quoted texts of the expression at the start of `text`, until the comma or bracket that ends
// it. `by_code`: a part of it is no literal, so that more may be meant.
std::vector<Quoted> literals_in(std::string_view text, bool& by_code, Sink& sink) {
  std::vector<Quoted> out;
  int depth = 0;
  for (std::size_t at = 0; at < text.size() && sink.next(); ++at) {
    char c = text[at];
    if (c == '[' || c == '(' || c == '{') ++depth;
    if (c == ']' || c == ')' || c == '}') --depth;
    if (depth < 0 || (depth == 0 && c == ',')) break;
    if (c == '#') at = std::min(text.find('\n', at), text.size() - 1);
    if (is_alpha(c)) by_code = true;
    if (c != '"' && c != '\'') continue;
    auto end = text.find(c, at + 1);
    if (end == std::string_view::npos) break;
    // The keys of extras_require are names of groups.
    std::string_view rest = text.substr(end + 1);
    bool key =
        rest.substr(std::min(rest.find_first_not_of(" \t\r\n"), rest.size())).starts_with(':');
    if (!key) out.push_back({std::string(text.substr(at + 1, end - at - 1)), at + 1});
    at = end;
  }
  return out;
}

// The lists that a setup.py hands to setup(), from its own text: attributes of facts are cut.
void understand_setup(const Artifact& a, Sink& sink) {
  std::string_view whole = as_text(a.bytes);
  bool by_code = false;
  for (std::size_t i = 0; i < sink.facts().size() && sink.next(); ++i) {
    const Fact& f = sink.facts()[i];
    bool setup = f.kind == "call" &&
                 (f.get("name") == "setuptools.setup" || f.get("name") == "distutils.core.setup");
    if (!setup || f.place.offset > whole.size()) continue;
    std::size_t begin = f.place.offset;
    std::string_view call = whole.substr(begin, f.place.length);
    for (std::string_view list :
         {"install_requires", "extras_require", "setup_requires", "tests_require"}) {
      auto at = call.find(list);
      auto equals = at == std::string_view::npos ? at : call.find('=', at);
      if (equals == std::string_view::npos) continue;
      for (const Quoted& q : literals_in(call.substr(equals + 1), by_code, sink))
        add_requirement(sink, q.text, is_known(q.text), "pip",
                        {begin + equals + 1 + q.offset, q.text.size()},
                        static_cast<std::int32_t>(i));
    }
  }
  if (by_code) sink.partly("setup() works out some of its requirements by code");
}

// Where pip, uv and conda are told of an index by a variable.
void understand_variables(Sink& sink) {
  struct Variable {
    std::string_view name, option;
  };
  constexpr Variable variables[] = {{"PIP_INDEX_URL", "index-url"},
                                    {"PIP_EXTRA_INDEX_URL", "extra-index-url"},
                                    {"PIP_TRUSTED_HOST", "trusted-host"},
                                    {"PIP_FIND_LINKS", "find-links"},
                                    {"UV_INDEX_URL", "index-url"},
                                    {"UV_DEFAULT_INDEX", "index-url"},
                                    {"UV_EXTRA_INDEX_URL", "extra-index-url"},
                                    {"UV_INDEX", "extra-index-url"},
                                    {"UV_INSECURE_HOST", "trusted-host"},
                                    {"UV_FIND_LINKS", "find-links"}};
  struct Found {
    std::string_view option;
    std::string url;
    bool known;
    Place place;
    std::int32_t of;
  };
  std::vector<Found> found;
  for (std::size_t i = 0; i < sink.facts().size() && sink.next(); ++i) {
    const Fact& f = sink.facts()[i];
    bool dotenv = f.kind == "setting" && f.get("product") == "env";
    for (const Attribute& a : f.attributes) {
      std::string_view name = a.name.starts_with("env.")    ? std::string_view(a.name).substr(4)
                              : dotenv && a.name == "value" ? f.get("key")
                                                            : std::string_view();
      if (!name.starts_with("PIP_") && !name.starts_with("UV_")) continue;
      for (const Variable& v : variables)
        if (name == v.name)
          found.push_back({v.option, a.value, a.known, f.place, static_cast<std::int32_t>(i)});
    }
  }
  for (const Found& v : found)
    for (std::string_view url : split(v.url, ' '))
      add_index(sink, v.option, url, v.known, v.place, v.of);
}

void understand(const Artifact& artifact, Sink& sink) {
  understand_runners(sink);
  understand_setup(artifact, sink);
  understand_variables(sink);
  each_process(sink, {"pip", "uv", "conda", "mamba", "micromamba", "poetry"},
               [&](std::int32_t i, const Fact& p) {
                 std::string_view program = p.get("program");
                 std::string_view command = p.get("subcommand");
                 if (command != "install" && command != "add" && command != "create" &&
                     command != "download" && command != "wheel")
                   return;
                 bool conda = program == "conda" || program == "mamba" || program == "micromamba";
                 for (const Attribute& a : p.attributes) {
                   if (a.name.starts_with("flags.")) {
                     if (std::string_view option = index_option(std::string_view(a.name).substr(6));
                         !option.empty() && !(conda && option == "find-links"))
                       add_index(sink, option, a.value, a.known, p.place, i);
                     if (!conda && (a.name == "flags.e" || a.name == "flags.editable") &&
                         contains(a.value, "://"))
                       add_requirement(sink, a.value, a.known, "pip", p.place, i);
                   }
                   bool local = a.value.starts_with('.') || a.value.starts_with('/') ||
                                a.value.ends_with(".txt") ||
                                (a.value.ends_with(".whl") && !contains(a.value, "://"));
                   if (a.name == "args" && !local)
                     add_requirement(sink, a.value, a.known, conda ? "conda" : "pip", p.place, i);
                 }
               });
}

}  // namespace

extern const Dialect requirements;
const Dialect requirements{"requirements", "Python and conda dependencies", read, understand};

}  // namespace parapet::dialects
