// tokenizer.json of Hugging Face's tokenizers: {"added_tokens": [{"id", "content", "special"}],
// "model":
// {"type", "vocab": {token: id} or [[token, score]], "merges": ["a b"] or [["a", "b"]]}}. What
// decides how text becomes numbers must be unambiguous: two tokens with one id, an added token over
// another, merges of tokens that do not exist and invisible characters change what a prompt or an
// answer says. https://huggingface.co/docs/tokenizers/api/models
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "formats/format.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 64U << 20U;
constexpr std::size_t most_nodes = 3'000'000;
constexpr unsigned most_said = 10;

bool recognises(const Artifact& a) {
  if (file_name(a.name) != "tokenizer.json") return false;
  return trim(as_text(a.bytes).substr(0, 4096)).starts_with('{');
}

// Characters that show as nothing or turn the text, of which a token has no honest use.
bool is_hidden(std::string_view s) {
  while (!s.empty()) {
    std::uint32_t c = take_code_point(s);
    bool tag = c >= 0xE0000 && c <= 0xE007F;
    bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    if (tag || turns) return true;
  }
  return false;
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    sink_.is("tokenizer");
    std::string_view text = as_text(a_.bytes);
    if (text.size() > longest) return sink_.partly("longer than 64 MiB");
    std::size_t count = 0;
    Parsed parsed = parse_json(text, [&] { return ++count < most_nodes && sink_.next(); });
    // A vocabulary that was cut would seem to lack what stands behind the cut.
    if (!parsed.ok()) return sink_.partly(parsed.problem);
    const Node& root = parsed.documents[0].root;
    const Node* model = root.at("model");
    std::string_view type = model != nullptr ? model->text_at("type") : std::string_view();
    if (model != nullptr) vocabulary(model->at("vocab"), type == "Unigram");
    if (const Node* list = root.at("added_tokens"); list != nullptr) added(*list);
    if (model != nullptr && !model->text_at("continuing_subword_prefix").empty())
      type = "prefixed";  // its merges leave the prefix out
    if (model != nullptr && type != "prefixed") merges(model->at("merges"));
    Fact f{"model", {}, root.place(), "a tokenizer of " + std::to_string(ids_.size()) + " tokens"};
    f.set("format", "tokenizer").set("name", file_name(a_.name)).set("loader", "tokenizers");
    sink_.add(std::move(f));
  }

 private:
  void say(unsigned& said, std::string_view name, std::string says, const Node& at) {
    if (++said <= most_said) sink_.anomaly(name, std::move(says), at.place());
  }

  void vocabulary(const Node* vocab, bool list) {
    if (vocab == nullptr) return;
    for (std::size_t i = 0; i < vocab->items.size() && sink_.next(); ++i) {
      const Node& item = vocab->items[i];
      if (list && item.is_list() && !item.items.empty()) {
        put(item.items[0].text, std::to_string(i), item);
      } else if (vocab->is_map() && item.is_scalar()) {
        put(vocab->keys[i].text, item.text, vocab->keys[i]);
      }
    }
  }

  void put(const std::string& token, const std::string& id, const Node& at) {
    auto [entry, is_new] = ids_.try_emplace(id, token);
    tokens_.insert(token);
    if (!is_new && entry->second != token)
      say(same_, "duplicate-key",
          "the tokens \"" + printable(entry->second, 40) + "\" and \"" + printable(token, 40) +
              "\" have the id " + printable(id, 20),
          at);
  }

  void added(const Node& list) {
    std::unordered_map<std::string, std::string> own;  // ids to contents of added tokens alone
    for (const Node& item : list.items) {
      if (!sink_.next()) return;
      const Node* content = item.at("content");
      std::string id(item.text_at("id"));
      if (content == nullptr || !content->is_scalar() || id.empty()) continue;
      tokens_.insert(content->text);
      auto [first, is_new] = own.try_emplace(id, content->text);
      auto below = ids_.find(id);
      if (!is_new && first->second != content->text)
        say(same_, "duplicate-key",
            "two added tokens, \"" + printable(first->second, 40) + "\" and \"" +
                printable(content->text, 40) + "\", have the id " + id,
            *content);
      else if (below != ids_.end() && below->second != content->text)
        say(same_, "duplicate-key",
            "the added token \"" + printable(content->text, 40) + "\" has the id of \"" +
                printable(below->second, 40) + "\"",
            *content);
      if (is_hidden(content->text))
        say(hidden_, "hidden-text",
            "an added token of characters that do not show: " + printable(content->text, 60),
            *content);
    }
  }

  void merges(const Node* list) {
    if (list == nullptr || !list->is_list()) return;
    std::size_t missing = 0;
    for (const Node& m : list->items) {
      if (!sink_.next()) return;
      std::string left, right;
      if (m.is_list() && m.items.size() == 2) {
        left = m.items[0].text, right = m.items[1].text;
      } else if (m.is_scalar()) {
        Halves h = split_once(m.text, " ");
        if (!h.found) continue;
        left = std::string(h.before), right = std::string(h.after);
      } else {
        continue;
      }
      if (tokens_.contains(left) && tokens_.contains(right) && tokens_.contains(left + right))
        continue;
      if (missing++ == 0) first_missing_ = &m;
    }
    if (missing == 0) return;
    sink_.anomaly(
        "type-mismatch",
        std::to_string(missing) + " merges name tokens that are not in the vocabulary, as " +
            printable(first_missing_->is_list()
                          ? first_missing_->items[0].text + " " + first_missing_->items[1].text
                          : first_missing_->text,
                      60),
        first_missing_->place("model.merges"));
  }

  const Artifact& a_;
  Sink& sink_;
  std::unordered_map<std::string, std::string> ids_;
  std::unordered_set<std::string> tokens_;
  unsigned same_ = 0, hidden_ = 0;
  const Node* first_missing_ = nullptr;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format tokenizer;
const Format tokenizer{"tokenizer",
                       1,
                       "tokenizer.json: ids, added tokens, merges that do not fit",
                       "https://huggingface.co/docs/tokenizers/api/models",
                       recognises,
                       parse};

}  // namespace parapet::formats
