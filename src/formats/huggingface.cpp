// The JSON files beside a Hugging Face model that say which code is run and how prompts are built:
// config.json, tokenizer_config.json, chat_template.json, processor_config.json,
// adapter_config.json; and the index of weights in several files, NAME.index.json.
// https://huggingface.co/docs/transformers/custom_models
#include <algorithm>
#include <set>

#include "base/text.h"
#include "formats/config/named_call.h"
#include "formats/format.h"
#include "formats/jinja/template_fact.h"
#include "formats/reference/reference.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 16U << 20U;

bool recognises(const Artifact& a) {
  static constexpr std::string_view names[] = {"config.json",
                                               "tokenizer_config.json",
                                               "chat_template.json",
                                               "processor_config.json",
                                               "adapter_config.json",
                                               "generation_config.json",
                                               "preprocessor_config.json",
                                               "model_index.json"};
  static constexpr std::string_view marks[] = {"\"model_type\"",           "\"tokenizer_class\"",
                                               "\"chat_template\"",        "\"auto_map\"",
                                               "\"architectures\"",        "\"_name_or_path\"",
                                               "\"transformers_version\"", "\"peft_type\"",
                                               "\"processor_class\"",      "\"_class_name\"",
                                               "\"trust_remote_code\"",    "\"custom_pipelines\""};
  std::string_view name = file_name(a.name);
  if (name.ends_with(".index.json"))
    return contains(as_text(a.bytes).substr(0, 4096), "\"weight_map\"") ||
           contains(as_text(a.bytes).substr(0, 4096), "\"total_size\"");
  if (std::find(std::begin(names), std::end(names), name) == std::end(names)) return false;
  std::string_view text = as_text(a.bytes).substr(0, longest);
  return std::any_of(std::begin(marks), std::end(marks),
                     [&](std::string_view m) { return contains(text, m); });
}

void put_template(Sink& sink, const Node& n, std::string_view name, const std::string& pointer) {
  jinja::add_template(sink, name, n.text, n.place(pointer), false);
}

// A text, or a list of {"name", "template"}, or a map of names to texts.
void chat_templates(const Node& n, Sink& sink) {
  if (n.is_scalar()) return put_template(sink, n, "chat_template", "chat_template");
  for (std::size_t i = 0; i < n.items.size() && sink.next(); ++i) {
    const Node& item = n.items[i];
    std::string at = "chat_template[" + std::to_string(i) + "]";
    if (n.is_map() && item.is_scalar()) {
      put_template(sink, item, "chat_template." + n.keys[i].text, at);
    } else if (const Node* text = item.at("template"); text != nullptr && text->is_scalar()) {
      put_template(sink, *text, "chat_template." + std::string(item.text_at("name")),
                   at + ".template");
    }
  }
}

void put_metadata(Sink& sink, const Node& n, std::string_view key, std::string_view value) {
  Fact f{
      "metadata", {}, n.place(std::string(key)), printable(key, 60) + ": " + printable(value, 120)};
  f.set("key", key).set("value", value.substr(0, 400)).set("format", "huggingface");
  sink.add(std::move(f));
}

// "AutoModel": "modeling_x.X", or "org/repo--modeling_x.X" for code of another repository.
void auto_map(const Node& map, Sink& sink, const std::string& pointer) {
  for (std::size_t i = 0; i < map.items.size() && sink.next(); ++i) {
    const Node& value = map.items[i];
    std::string key = map.is_map() ? map.keys[i].text : std::to_string(i);
    std::vector<const Node*> targets;
    if (value.is_scalar()) targets.push_back(&value);
    for (const Node& item : value.items)
      if (item.is_scalar()) targets.push_back(&item);
    for (const Node* target : targets) {
      Halves parts = split_once(target->text, "--");
      Fact f{"model-reference",
             {},
             target->place(pointer + "." + key),
             key + " is the code " + printable(target->text, 100) +
                 (parts.found ? " of another repository" : " shipped with the model")};
      f.set("name", parts.found ? parts.before : std::string_view("."));
      f.set("pinned", "none").set("loader", "auto_map");
      f.set("code", parts.found ? parts.after : parts.before);
      f.set("remote", parts.found ? "yes" : "no");
      sink.add(std::move(f));
    }
  }
}

// A path that a loader follows: a fact when it leaves the model's folder.
void outside(Sink& sink, const Node& n, std::string_view what, std::string_view format,
             const std::string& pointer) {
  std::string_view problem = reference::problem_of(n.text);
  if (problem.empty()) return;
  Fact f{"reference", {}, n.place(pointer), pointer + " leads to " + printable(n.text, 100)};
  f.set("what", what).set("target", n.text.substr(0, 400)).set("format", format);
  f.set("problem", problem);
  sink.add(std::move(f));
}

// {"weight_map": {tensor: file}}: every file once.
void weight_map(const Node& map, Sink& sink) {
  std::set<std::string> files;
  for (const Node& file : map.items) {
    if (!sink.next()) return;
    if (!file.is_scalar() || !files.insert(file.text).second || files.size() > 10'000) continue;
    outside(sink, file, "weights", "huggingface", "weight_map");
  }
  if (files.empty()) return;
  Fact f{"metadata",
         {},
         map.place("weight_map"),
         "weights in " + std::to_string(files.size()) + " files"};
  f.set("key", "shards").set("value", std::to_string(files.size())).set("format", "huggingface");
  sink.add(std::move(f));
}

// {"base_model_class", "parent_library"}: PEFT imports the library and takes the class from it.
void auto_mapping(const Node& map, Sink& sink) {
  std::string_view library = map.text_at("parent_library"), kind = map.text_at("base_model_class");
  if (library.empty() || kind.empty()) return;
  config::add_call(sink, std::string(library) + "." + std::string(kind), "peft", "auto_mapping",
                   map.place("auto_mapping"), nullptr);
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view text = as_text(a.bytes);
  if (text.size() > longest) return sink.partly("longer than 16 MiB");
  std::uint64_t nodes = 0;
  Parsed parsed = parse_json(text, [&] { return ++nodes < 500'000 && sink.next(); });
  sink.is("huggingface");
  if (!parsed.ok()) sink.partly(parsed.problem);
  if (parsed.documents.empty()) return;
  const Node& root = parsed.documents[0].root;
  if (const Node* n = root.at("chat_template")) chat_templates(*n, sink);
  if (const Node* n = root.at("auto_map")) auto_map(*n, sink, "auto_map");
  if (const Node* n = root.at("custom_pipelines"))
    for (std::size_t i = 0; i < n->items.size() && sink.next(); ++i) {
      const Node* code = n->items[i].at("impl");
      if (code == nullptr) continue;
      Fact f{"model-reference",
             {},
             code->place("custom_pipelines"),
             "a pipeline's code is " + printable(code->text, 100)};
      f.set("name", ".")
          .set("pinned", "none")
          .set("loader", "custom_pipelines")
          .set("code", code->text)
          .set("remote", "no");
      sink.add(std::move(f));
    }
  if (const Node* n = root.at("trust_remote_code"); n != nullptr && lower(n->text) == "true") {
    Fact f{"model-reference",
           {},
           n->place("trust_remote_code"),
           "trust_remote_code: true in the model's own configuration"};
    f.set("name", ".")
        .set("pinned", "none")
        .set("loader", "config.json")
        .set("trust_remote_code", "yes");
    sink.add(std::move(f));
  }
  if (const Node* n = root.at("base_model_name_or_path");
      n != nullptr && n->is_scalar() && !n->text.empty()) {
    const Node* revision = root.at("revision");
    bool pinned = revision != nullptr && revision->is_scalar() && revision->text.size() == 40;
    Fact f{"model-reference",
           {},
           n->place("base_model_name_or_path"),
           "adapter of " + printable(n->text, 100)};
    f.set("name", n->text)
        .set("pinned", pinned ? "commit" : "none")
        .set("loader", "adapter_config.json");
    sink.add(std::move(f));
  }
  if (const Node* n = root.at("base_model_name_or_path"); n != nullptr && n->is_scalar())
    outside(sink, *n, "weights", "adapter", "base_model_name_or_path");
  if (const Node* n = root.at("auto_mapping"); n != nullptr && n->is_map()) auto_mapping(*n, sink);
  if (const Node* n = root.at("weight_map"); n != nullptr && n->is_map()) weight_map(*n, sink);
  // What a file says of its own name lowers nothing: it is the file's author who says it.
  for (std::string_view key :
       {"_name_or_path", "model_type", "transformers_version", "tokenizer_class"})
    if (const Node* n = root.at(key); n != nullptr && n->is_scalar())
      put_metadata(sink, *n, key, n->text);
}

}  // namespace

extern const Format huggingface;
const Format huggingface{"huggingface",
                         2,
                         "Hugging Face configuration: remote code, chat templates",
                         "https://huggingface.co/docs/transformers/custom_models",
                         recognises,
                         parse};

}  // namespace parapet::formats
