// Configurations whose loader imports and calls what they name: "_target_" of Hydra (NeMo, many
// trainers), "target" beside "params" (latent diffusion's instantiate_from_config), "class_path"
// beside "init_args" (Lightning's command line). In YAML or JSON; a .nemo archive holds
// model_config.yaml (CVE-2025-23304). https://hydra.cc/docs/advanced/instantiate_objects/overview/
#include <algorithm>

#include "base/text.h"
#include "formats/config/named_call.h"
#include "formats/format.h"
#include "syntax/json.h"
#include "syntax/yaml.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 8U << 20U;
constexpr std::size_t most_calls = 500;

// No writer of JSON or YAML escapes a letter; whoever hides a key does.
bool has_escaped_letters(std::string_view text) {
  for (std::string_view e : {"\\u005f", "\\u005F", "\\u006", "\\u007", "\\x5", "\\x6", "\\x7",
                             "\\U0000006", "\\U0000007"})
    if (contains(text, e)) return true;
  return false;
}

// The keys may stand anywhere, so all of the text is searched: at the speed of memchr.
bool recognises(const Artifact& a) {
  std::string ext = extension(a.name);
  if ((ext != "yaml" && ext != "yml" && ext != "json") || !a.is_text()) return false;
  std::string_view text = as_text(a.bytes).substr(0, longest);
  return contains(text, "_target_") || contains(text, "class_path") ||
         (contains(text, "target") && contains(text, "params")) || has_escaped_letters(text);
}

bool is_dotted(std::string_view s) {
  if (s.empty() || s.size() > 300 || (!is_alpha(s[0]) && s[0] != '_')) return false;
  return std::all_of(s.begin(), s.end(), [](char c) { return is_word(c) || c == '.'; });
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    std::string_view text = as_text(a_.bytes).substr(0, longest);
    std::size_t nodes = 0;
    KeepGoing going = [&] { return ++nodes < 300'000 && sink_.next(); };
    // What does not parse is said by the format of the syntax itself.
    Parsed parsed =
        extension(a_.name) == "json" ? parse_json(text, going) : parse_yaml(text, going);
    for (const Document& d : parsed.documents) walk(d.root, "", 0);
    if (calls_ == 0) return;
    sink_.is("hydra");
    if (a_.bytes.size() > longest) sink_.partly("longer than 8 MiB");
    if (calls_ > most_calls) sink_.partly("more calls than are listed");
    if (!contains(a_.name, ".nemo!/")) return;
    Fact f{"model", {}, {0, 0}, "the configuration of a NeMo model"};
    f.set("format", "nemo").set("name", file_name(a_.name)).set("loader", "nemo");
    sink_.add(std::move(f));
  }

 private:
  void walk(const Node& n, const std::string& path, unsigned depth) {
    if (depth > 100 || !sink_.next()) return;
    if (n.is_map()) {
      named(n, "_target_", &n, path);
      if (const Node* p = n.at("params"); p != nullptr && n.at("target") != nullptr)
        named(n, "target", p, path);
      if (n.at("class_path") != nullptr) named(n, "class_path", n.at("init_args"), path);
    }
    for (std::size_t i = 0; i < n.items.size(); ++i) {
      if (n.items[i].items.empty()) continue;
      std::string step = n.is_map() ? n.keys[i].text.substr(0, 60) : std::to_string(i);
      walk(n.items[i],
           path.size() > 300 ? path
           : path.empty()    ? step
                             : path + "." + step,
           depth + 1);
    }
  }

  void named(const Node& n, std::string_view key, const Node* arguments, const std::string& path) {
    // Every one of duplicates: parsers differ on which they take.
    for (std::size_t i = 0; i < n.keys.size(); ++i) {
      const Node& value = n.items[i];
      if (n.keys[i].text != key || !value.is_scalar() || !is_dotted(value.text)) continue;
      if (!contains(value.text, ".") && key != "_target_") continue;
      if (++calls_ > most_calls) return;
      config::add_call(sink_, value.text, "hydra", key,
                       value.place(path.empty() ? std::string(key) : path + "." + std::string(key)),
                       arguments);
    }
  }

  const Artifact& a_;
  Sink& sink_;
  std::size_t calls_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format hydra;
const Format hydra{"hydra",
                   1,
                   "Hydra, NeMo and other configurations that name what is called",
                   "https://hydra.cc/docs/advanced/instantiate_objects/overview/",
                   recognises,
                   parse};

}  // namespace parapet::formats
