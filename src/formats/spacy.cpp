// A spaCy pipeline's config.cfg: INI whose values are JSON; "@registry = NAME" is a function that a
// package registered, "factory" a component. Names that are not spaCy's own need a package or code
// given beside the model. https://spacy.io/usage/training#config
#include <algorithm>
#include <set>

#include "base/text.h"
#include "formats/format.h"
#include "syntax/ini.h"

namespace parapet::formats {
namespace {

constexpr std::string_view own_prefixes[] = {
    "spacy.",    "spacy-",        "thinc.",     "srsly.",     "spacy_",
    "chain.v",   "Adam.v",        "SGD.v",      "RAdam.v",    "warmup_linear.v",
    "Softmax.v", "compounding.v", "constant.v", "decaying.v", "Maxout.v"};
constexpr std::string_view own_factories =
    " tok2vec tagger parser ner senter sentencizer lemmatizer trainable_lemmatizer morphologizer "
    "attribute_ruler entity_ruler span_ruler textcat textcat_multilabel entity_linker spancat "
    "spancat_singlelabel span_finder transformer curated_transformer merge_noun_chunks "
    "merge_entities "
    "merge_subtokens token_splitter doc_cleaner beam_ner beam_parser future_entity_ruler "
    "nn_labeller "
    "experimental_edit_tree_lemmatizer llm llm_ner llm_textcat llm_spancat llm_rel ";

bool recognises(const Artifact& a) {
  if (extension(a.name) != "cfg") return false;
  std::string_view head = as_text(a.bytes).substr(0, 4096);
  return contains(head, "[nlp]") && contains(head, "pipeline");
}

std::string unquoted(std::string_view s) {
  s = trim(s);
  if (s.size() >= 2 && s.front() == '"' && s.back() == '"') s = s.substr(1, s.size() - 2);
  return std::string(s);
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("spacy");
  std::size_t count = 0;
  Parsed parsed = parse_ini(as_text(a.bytes).substr(0, 4U << 20U),
                            [&] { return ++count < 100'000 && sink.next(); });
  if (!parsed.ok()) sink.partly(parsed.problem);
  std::set<std::string> seen;
  for (const Document& d : parsed.documents)
    for (std::size_t i = 0; i < d.root.items.size() && sink.next(); ++i) {
      const Node& section = d.root.items[i];
      for (std::size_t k = 0; k < section.items.size() && sink.next(); ++k) {
        std::string_view key = section.keys[k].text;
        std::string value = unquoted(section.items[k].text);
        bool registered = key.starts_with('@');
        if ((!registered && key != "factory") || value.empty()) continue;
        bool own = registered
                       ? std::any_of(std::begin(own_prefixes), std::end(own_prefixes),
                                     [&](std::string_view p) { return value.starts_with(p); })
                       : contains(own_factories, " " + value + " ");
        if (own || !seen.insert(std::string(key) + value).second || seen.size() > 200) continue;
        Fact f{"layer",
               {},
               section.items[k].place(d.root.keys[i].text + "." + std::string(key)),
               printable(value, 80) + " (" + printable(key, 40) + ") is not spaCy's own"};
        f.set("framework", "spacy").set("class", registered ? key.substr(1) : "component");
        f.set("registered_name", value.substr(0, 200))
            .set("path", d.root.keys[i].text.substr(0, 200));
        f.set("power", "custom");
        sink.add(std::move(f));
      }
    }
  Fact f{"model", {}, {0, 0}, "a spaCy pipeline"};
  f.set("format", "spacy").set("name", file_name(a.name)).set("loader", "spacy");
  sink.add(std::move(f));
}

}  // namespace

extern const Format spacy;
const Format spacy{"spacy",
                   1,
                   "spaCy pipelines: registered functions and components from elsewhere",
                   "https://spacy.io/usage/training#config",
                   recognises,
                   parse};

}  // namespace parapet::formats
