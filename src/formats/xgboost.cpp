// XGBoost models in the four forms that it loads: JSON and Universal Binary JSON {"learner": {…},
// "version"}; the old binary, "binf" or nothing, then 136 bytes of parameters {f32 base score, u32
// features, i32 classes, …}, u64 length and name of the objective, the same of the booster; and a
// whole Booster, "CONFIG-offset:" i64, one of the former, then the configuration.
// https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/ubjson/ubjson.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 64U << 20U;
constexpr std::uint64_t parameters = 136;
constexpr std::string_view whole = "CONFIG-offset:";
constexpr std::string_view tree_arrays[] = {"left_children", "right_children",   "parents",
                                            "split_indices", "split_conditions", "base_weights"};

bool is_name(std::string_view s) {
  return !s.empty() &&
         std::all_of(s.begin(), s.end(), [](char c) { return is_word(c) || c == ':' || c == '-'; });
}

// The old form has no mark but its two names.
bool is_old(Bytes bytes) {
  Cursor c(bytes);
  if (as_text(c.peek(4)) == "binf") c.skip(4);
  c.skip(parameters);
  auto n = c.le<std::uint64_t>();
  std::string_view objective = c.text(n < 100 ? n : ~std::uint64_t{0});
  auto m = c.le<std::uint64_t>();
  std::string_view booster = c.text(m < 20 ? m : ~std::uint64_t{0});
  return c.ok() && is_name(objective) &&
         (booster == "gbtree" || booster == "gblinear" || booster == "dart");
}

bool recognises(const Artifact& a) {
  std::string_view head = as_text(a.bytes).substr(0, 4096);
  if (head.starts_with(whole)) return true;
  if (head.starts_with('{') && contains(head, "learner"))
    return head.starts_with("{L") || head.starts_with("{i") || head.starts_with("{#") ||
           contains(head, "\"gradient_booster\"") || contains(head, "\"learner_model_param\"") ||
           contains(head, "\"attributes\"");
  return is_old(a.bytes.first(std::min<std::size_t>(a.bytes.size(), 512)));
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    sink_.is("xgboost");
    Cursor c(a_.bytes);
    if (as_text(a_.bytes).starts_with(whole)) {
      c.skip(whole.size());
      auto offset = c.le<std::uint64_t>();
      if (c.ok() && offset > c.left())
        sink_.anomaly("overflow", "the configuration lies behind the end of the file",
                      {whole.size(), 8});
      Cursor model = c.sub(std::min(offset, c.left()));
      body(model, "");
      Cursor rest = c.sub(c.left());
      body(rest, "configuration");
    } else {
      body(c, "");
    }
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(4, a_.bytes.size())},
           "an XGBoost model of " + std::to_string(trees_) + " trees"};
    f.set("format", "xgboost").set("name", file_name(a_.name)).set("loader", "xgboost");
    f.set("version", version_);
    sink_.add(std::move(f));
  }

 private:
  void put(std::string_view key, std::string_view value, std::uint64_t at) {
    if (value.empty() || ++metadata_ > 200) return;
    Fact f{"metadata",
           {},
           {std::min<std::uint64_t>(at, a_.bytes.size()), 0},
           printable(key, 60) + ": " + printable(value, 120)};
    f.set("key", key.substr(0, 100)).set("value", value.substr(0, 400)).set("format", "xgboost");
    sink_.add(std::move(f));
  }

  void body(Cursor& c, const std::string& what) {
    std::string_view s = as_text(c.peek(c.left()));
    std::string_view front = trim(s.substr(0, 64));
    if (front.starts_with("{\"") || front.starts_with("{}")) return json(s, what);
    if (front.starts_with("{")) {
      Node root = ubjson::read(c, sink_);
      complete_ = c.ok();
      learner(root);
      if (c.ok() && c.left() > 0)
        sink_.anomaly("trailing-data", std::to_string(c.left()) + " bytes behind the model",
                      {c.offset(), c.left()});
      return sink_.finish(c);
    }
    if (what.empty()) old(c);
  }

  void json(std::string_view s, const std::string& what) {
    if (s.size() > longest) return sink_.partly("longer than 64 MiB");
    std::size_t nodes = 0;
    Parsed parsed = parse_json(s, [&] { return ++nodes < 3'000'000 && sink_.next(); });
    if (!parsed.ok()) {
      sink_.anomaly("malformed", parsed.problem,
                    {std::min<std::uint64_t>(parsed.problem_at.offset, a_.bytes.size()), 0});
      sink_.partly(parsed.problem);
    }
    complete_ = parsed.ok();
    if (!parsed.documents.empty() && what.empty()) learner(parsed.documents[0].root);
  }

  static std::uint64_t size_of(const Node& n) {
    if (n.tag == "numbers") return static_cast<std::uint64_t>(to_integer(n.text).value_or(0));
    return n.items.size();
  }

  void learner(const Node& root) {
    if (const Node* v = root.at("version"); v != nullptr)
      for (const Node& part : v->items) version_ += (version_.empty() ? "" : ".") + part.text;
    const Node* l = root.at("learner");
    if (l == nullptr) return;
    put("objective", l->text_at("objective.name"), l->offset);
    put("booster", l->text_at("gradient_booster.name"), l->offset);
    if (const Node* own = l->at("attributes"); own != nullptr && own->is_map())
      for (std::size_t i = 0; i < own->items.size() && sink_.next(); ++i)
        put("attributes." + own->keys[i].text, own->items[i].text, own->items[i].offset);
    const Node* trees = l->find("gradient_booster.model.trees");
    if (trees == nullptr) trees = l->find("gradient_booster.gbtree.model.trees");
    for (std::size_t i = 0; trees != nullptr && i < trees->items.size() && sink_.next(); ++i)
      tree(trees->items[i], i);
  }

  // Lengths that disagree are what readers were made to walk out of their arrays with.
  void tree(const Node& n, std::size_t index) {
    ++trees_;
    if (!complete_) return;  // an array that ends too early was cut with the file
    auto nodes = to_integer(n.text_at("tree_param.num_nodes"));
    for (std::string_view key : tree_arrays) {
      const Node* list = n.at(key);
      if (list == nullptr || !nodes || *nodes < 0) continue;
      bool wrong = size_of(*list) != static_cast<std::uint64_t>(*nodes);
      bool child = key == "left_children" || key == "right_children";
      for (std::size_t i = 0; child && i < list->items.size() && !wrong; ++i) {
        auto to = to_integer(list->items[i].text);
        wrong = to && (*to < -1 || *to >= *nodes);
      }
      if (wrong && ++said_ <= 20)
        sink_.anomaly("overflow",
                      "tree " + std::to_string(index) + ": " + std::string(key) +
                          " does not fit its " + std::to_string(*nodes) + " nodes",
                      {std::min<std::uint64_t>(list->offset, a_.bytes.size()), 0});
    }
  }

  void old(Cursor& c) {
    std::uint64_t start = c.offset();
    if (as_text(c.peek(4)) == "binf") c.skip(4);
    c.skip(4);
    auto features = c.le<std::uint32_t>();
    c.skip(parameters - 8);
    std::string_view objective = c.text(c.le<std::uint64_t>());
    std::string_view booster = c.text(c.le<std::uint64_t>());
    put("objective", objective, start);
    put("booster", booster, start);
    put("features", std::to_string(features), start + 4);
    if (booster == "gbtree" || booster == "dart") {
      auto count = c.le<std::uint32_t>();
      if (c.ok() && count > c.left() / 148)
        sink_.anomaly("overflow",
                      std::to_string(count) + " trees in " + std::to_string(c.left()) + " bytes",
                      {c.offset() - 4, 4});
      trees_ = count;
    }
    sink_.finish(c);
    if (c.ok()) sink_.partly("the trees of the old binary form are not read");
  }

  const Artifact& a_;
  Sink& sink_;
  std::string version_;
  std::size_t trees_ = 0, metadata_ = 0;
  unsigned said_ = 0;
  bool complete_ = false;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format xgboost;
const Format xgboost{"xgboost",
                     1,
                     "XGBoost models: JSON, UBJSON and the old binary",
                     "https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html",
                     recognises,
                     parse};

}  // namespace parapet::formats
