// What agents may call and do: Model Context Protocol servers in the clients' configuration files,
// and the clients' own settings. https://modelcontextprotocol.io/, the clients' documentation
#include <algorithm>

#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"
#include "model/commands.h"
#include "model/process.h"

namespace parapet::dialects {
namespace {

std::string_view client_of(std::string_view path) {
  struct Row {
    std::string_view part, client;
  };
  constexpr Row rows[] = {
      {"claude", "claude"},     {".mcp.json", "claude"}, {"cursor", "cursor"},
      {"vscode", "vscode"},     {"codex", "codex"},      {"gemini", "gemini"},
      {"windsurf", "windsurf"}, {"zed", "zed"},          {"continue", "continue"},
      {"cline", "cline"},       {"roo", "roo"},          {"openclaw", "openclaw"},
      {"clawdbot", "openclaw"}, {"kiro", "kiro"},        {"opencode", "opencode"}};
  std::string lowered = lower(path);
  for (const Row& r : rows)
    if (contains(lowered, r.part)) return r.client;
  return "unknown";
}

// npx -y pkg@1.2.3, uvx pkg==1, docker run image@sha256: the package and whether a version is
// named.
struct Package {
  std::string name;
  bool pinned = false;
};
Package package_of(const Fact& process) {
  std::string_view program = process.get("program");
  std::vector<std::string> args;
  for (const Attribute& a : process.attributes)
    if (a.name == "args") args.push_back(a.value);
  bool npm = program == "npx" || program == "bunx" || program == "pnpm" || program == "npm" ||
             program == "yarn";
  if (program == "npx")
    if (std::string_view p = process.get("flags.package"); !p.empty() && p != "true")
      args.insert(args.begin(), std::string(p));
  bool python = program == "uvx" || program == "pipx" || program == "uv";
  if (python && process.has("flags.from"))
    args.insert(args.begin(), std::string(process.get("flags.from")));
  bool docker = program == "docker" || program == "podman";
  while (!args.empty() &&
         (args[0] == "dlx" || args[0] == "exec" || args[0] == "run" || args[0] == "tool"))
    args.erase(args.begin());
  if (args.empty() || !(npm || python || docker)) return {};
  std::string& first = args[0];
  if (docker) return {first, contains(first, "@sha256:")};
  if (npm) {
    auto at = first.rfind('@');
    bool versioned = at != std::string::npos && at > 0;
    std::string version = versioned ? first.substr(at + 1) : "";
    return {first, !version.empty() && is_digit(version[0])};
  }
  return {first, contains(first, "==") ||
                     (contains(first, "@") &&
                      is_digit(first[std::min(first.rfind('@') + 1, first.size() - 1)]))};
}

void set_pairs(Fact& f, const Node* map, std::string_view prefix) {
  if (map == nullptr || !map->is_map()) return;
  for (std::size_t i = 0; i < map->keys.size(); ++i) {
    const Node& v = map->items[i];
    if (!v.is_scalar()) continue;
    bool known = is_known(v.text) && !v.text.starts_with('$');
    f.set(std::string(prefix) + map->keys[i].text, v.text, known);
    if (is_literal_secret(map->keys[i].text, v.text, known)) f.set("env_secret", map->keys[i].text);
  }
}

class Reader {
 public:
  Reader(const Artifact& a, Sink& sink) : sink_(sink), client_(client_of(a.name)) {}

  void read_servers(const Node& servers) {
    for (std::size_t i = 0; i < servers.keys.size() && sink_.next(); ++i)
      if (servers.items[i].is_map()) read_server(servers.keys[i], servers.items[i]);
  }

  void add_agent(std::string_view setting, const Node& value) {
    Fact f{"agent",
           {},
           value.place(),
           std::string(setting) + " = " + without_secrets(value.text, 120)};
    sink_.add(f.set("client", client_)
                  .set("setting", setting)
                  .set("value", value.text, is_known(value.text)));
  }

  void walk_settings(const Node& n, const std::string& key, int depth) {
    if (depth > 8 || !sink_.next()) return;
    if (n.is_map()) {
      for (std::size_t i = 0; i < n.keys.size(); ++i) {
        const std::string& k = n.keys[i].text;
        if (depth == 0 && (k == "mcpServers" || k == "servers" || k == "context_servers" ||
                           k == "mcp_servers" || k == "mcp"))
          continue;
        walk_settings(n.items[i], key.empty() ? k : key + "." + k, depth + 1);
      }
    } else if (n.is_list()) {
      for (const Node& x : n.items) walk_settings(x, key, depth + 1);
    } else if (n.is_scalar()) {
      add_agent(key, n);
    }
  }

 private:
  void read_server(const Node& key, const Node& server) {
    const Node* command = server.at("command");
    // Zed nests {command: {path, args, env}}.
    const Node& launch = command != nullptr && command->is_map() ? *command : server;
    std::string_view program = command != nullptr && command->is_map() ? command->text_at("path")
                                                                       : server.text_at("command");
    std::string_view url = server.text_at("url");
    for (std::string_view k : {"serverUrl", "httpUrl", "uri"})
      if (url.empty()) url = server.text_at(k);
    Fact f{"tool", {}, key.place("mcp." + key.text), "MCP server " + printable(key.text, 60)};
    f.set("client", client_).set("name", key.text);
    std::vector<Word> words;
    if (!program.empty()) words.push_back({std::string(program), 0, 0, is_known(program), true});
    if (command != nullptr && command->is_list())
      for (const Node* n : scalars(command)) words.push_back(word_of(*n));
    for (const Node* n : scalars(launch.at("args"))) words.push_back(word_of(*n));
    std::string line;
    for (const Word& w : words) line += (line.empty() ? "" : " ") + w.text;
    if (!words.empty()) f.set("command", words[0].text, words[0].known);
    for (std::size_t i = 1; i < words.size(); ++i) f.set("args", words[i].text, words[i].known);
    set_pairs(f, launch.at("env"), "env.");
    set_pairs(f, server.at("environment"), "env.");
    set_pairs(f, server.at("headers"), "header.");
    set_pairs(f, server.at("http_headers"), "header.");
    Fact process = process_fact(understand(words, {}), line, "mcp", key.place("mcp." + key.text));
    set_argument_secrets(f, words);
    if (Package p = package_of(process); !p.name.empty())
      f.set("package", p.name, is_known(p.name)).set("pinned", p.pinned ? "yes" : "no");
    std::string_view type = server.text_at("type");
    if (type.empty()) type = server.text_at("transport");
    f.set("transport",
          !url.empty() ? (type == "sse" || url.ends_with("/sse") ? "sse" : "http") : "stdio");
    if (!url.empty()) {
      bool auth = server.at("headers") != nullptr || server.at("oauth") != nullptr ||
                  server.at("auth") != nullptr || server.at("http_headers") != nullptr ||
                  server.at("bearer_token_env_var") != nullptr || contains(url, "key=") ||
                  contains(url, "token=");
      f.set("url", url, is_known(url)).set("auth", auth ? "yes" : "no");
    }
    for (std::string_view k : {"autoApprove", "alwaysAllow", "autoApproveTools"})
      set_list(f, "auto_approve", server.at(k));
    if (is_true(server.at("trust"))) f.set("auto_approve", "*");
    set_roots(f, words);
    f.says += line.empty() ? ": " + printable(url, 120) : ": " + without_secrets(line, 160);
    std::int32_t index = sink_.add(std::move(f));
    if (words.empty()) return;
    // ["bash", "-c", "script"] starts what the script starts.
    bool shell = process.get("program") == "sh" || process.get("program") == "bash";
    if (const Attribute* script = process.find("flags.c"); shell && script != nullptr) {
      CommandText t{script->value,
                    "mcp",
                    [&](std::size_t, std::size_t) { return key.place("mcp." + key.text); },
                    index,
                    {},
                    {}};
      add_processes(sink_, t);
      return;
    }
    process.of = index;
    sink_.add(std::move(process));
  }

  static void set_argument_secrets(Fact& f, const std::vector<Word>& words) {
    for (const Flag& flag : understand(words, {}).flags) {
      if (is_literal_secret(flag.name, flag.value, flag.known) && flag.value != "true")
        f.set("env_secret", flag.name);
      auto [name, value, found] = split_once(flag.value, ":");
      if (flag.name == "header" && found &&
          is_literal_secret(name, value, flag.known && !contains(value, "$")))
        f.set("env_secret", name);
      auto [variable, content, assigned] = split_once(flag.value, "=");
      if (flag.name == "e" && assigned && is_literal_secret(variable, content, flag.known))
        f.set("env_secret", variable);
    }
  }

  // A file server's folders: the paths among its arguments.
  static void set_roots(Fact& f, const std::vector<Word>& words) {
    bool files = std::any_of(words.begin(), words.end(),
                             [](const Word& w) { return contains(w.text, "filesystem"); });
    if (!files) return;
    for (std::size_t i = 1; i < words.size(); ++i) {
      std::string_view w = words[i].text;
      if (w.starts_with('/') || w.starts_with('~') || w == "." || w.starts_with("./") ||
          w.starts_with("..") || w.starts_with("${HOME") || w.starts_with("C:"))
        f.set("root", w, words[i].known);
    }
  }

  Sink& sink_;
  std::string_view client_;
};

// Is this map one of servers: every entry starts something or points somewhere?
bool are_servers(const Node* n) {
  if (n == nullptr || !n->is_map() || n->items.empty()) return false;
  return std::all_of(n->items.begin(), n->items.end(), [](const Node& s) {
    return s.is_map() &&
           (s.at("command") != nullptr || s.at("url") != nullptr || s.at("serverUrl") != nullptr ||
            s.at("httpUrl") != nullptr || s.at("type") != nullptr);
  });
}

bool is_agent_settings(std::string_view path) {
  std::string p = lower(path);
  std::string_view name = file_name(p);
  bool settings = name == "settings.json" || name == "settings.local.json" ||
                  name == "config.toml" || name == "config.json" || name == "permissions.json" ||
                  name == "cli-config.json" || name == "openclaw.json" || name == "clawdbot.json" ||
                  name == "managed-settings.json" || name == ".claude.json";
  bool folder = contains(p, ".claude/") || contains(p, ".cursor/") || contains(p, ".codex/") ||
                contains(p, ".gemini/") || contains(p, ".openclaw/") || contains(p, "clawdbot") ||
                contains(p, "openclaw") || contains(p, ".vscode/") || name == ".claude.json" ||
                name == "managed-settings.json";
  return settings && folder;
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if ((d.syntax != "json" && d.syntax != "toml" && d.syntax != "yaml") || !d.root.is_map())
      continue;
    Reader reader(a, sink);
    bool any = false;
    for (std::string_view path : {"mcpServers", "mcp_servers", "context_servers", "servers",
                                  "mcp.servers", "mcp", "mcp.mcpServers"}) {
      const Node* servers = d.root.find(path);
      if (!are_servers(servers)) continue;
      // "servers" alone is a common key: an MCP file holds little else.
      bool common = path == "servers" || path == "mcp";
      if (common && d.syntax != "json") continue;
      any = true;
      reader.read_servers(*servers);
      break;
    }
    bool settings = is_agent_settings(a.name);
    bool claude =
        d.root.at("permissions") != nullptr && (d.root.find("permissions.allow") != nullptr ||
                                                d.root.find("permissions.defaultMode") != nullptr);
    if (any) sink.is("mcp");
    if (!settings && !claude) continue;
    sink.is("agent-settings");
    reader.walk_settings(d.root, "", 0);
  }
}

}  // namespace

extern const Dialect mcp;
const Dialect mcp{"mcp", "MCP servers and settings of agents", read, nullptr};

}  // namespace parapet::dialects
