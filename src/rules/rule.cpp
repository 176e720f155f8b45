#include "rules/rule.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/embedded.h"
#include "base/text.h"
#include "rules/condition.h"
#include "syntax/packed.h"
#include "syntax/yaml.h"

namespace parapet {
namespace {

Fail bad(std::string_view id, const Node& n, std::string what) {
  return Fail(
      Error{"rule " + std::string(id) + (n.line != 0 ? ", line " + std::to_string(n.line) : ""),
            std::move(what)});
}

std::vector<std::string> texts(const Node* n, std::string_view prefix = {}) {
  std::vector<std::string> out;
  if (n == nullptr) return out;
  if (n->is_scalar()) out.push_back(std::string(prefix) + n->text);
  for (const Node& item : n->items) out.push_back(std::string(prefix) + item.text);
  return out;
}

Result<Conditions> conditions(std::string_view id, const Node* n) {
  if (n == nullptr) return Conditions();
  auto c = read_conditions(*n);
  if (!c) return Fail(Error{"rule " + std::string(id) + ", " + c.error().what, c.error().cause});
  return std::make_shared<const Condition>(std::move(*c));
}

Result<std::vector<Rule::Shift>> shifts(std::string_view id, const Node* n) {
  std::vector<Rule::Shift> out;
  if (n == nullptr) return out;
  if (!n->is_map()) return bad(id, *n, "raise and lower are maps from a severity to conditions");
  for (std::size_t i = 0; i < n->keys.size(); ++i) {
    Rule::Shift shift{};
    if (!from_text(n->keys[i].text, shift.to))
      return bad(id, n->keys[i], "no severity is called '" + n->keys[i].text + "'");
    shift.when = TRY(conditions(id, &n->items[i]));
    out.push_back(std::move(shift));
  }
  return out;
}

bool names(const Conditions& c, std::string_view attribute) {
  if (c == nullptr) return false;
  std::vector<std::string> all;
  attributes_of(*c, all);
  return std::find(all.begin(), all.end(), attribute) != all.end();
}

std::vector<std::string> all_attributes(const Rule& rule) {
  std::vector<std::string> out;
  auto add = [&](const Conditions& c) {
    if (c != nullptr) attributes_of(*c, out);
  };
  add(rule.where), add(rule.unless);
  for (const auto* list : {&rule.raise, &rule.lower})
    for (const auto& s : *list) add(s.when);
  for (std::size_t i = rule.message.find('{'); i != std::string::npos;
       i = rule.message.find('{', i + 1)) {
    auto end = rule.message.find('}', i);
    if (end != std::string::npos) out.push_back(rule.message.substr(i + 1, end - i - 1));
  }
  return out;
}

// "{name}" becomes the attribute's text; "{{" stays a brace.
std::string fill(const std::string& text, const FactView& v) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (end == std::string::npos) {
      out += text[i];
      continue;
    }
    out += attribute_text(v, std::string_view(text).substr(i + 1, end - i - 1));
    i = end;
  }
  return out;
}

bool certain(const Conditions& c, const FactView& v) {
  return c == nullptr || holds(*c, v) == Answer::yes;
}

const std::set<std::string_view>& known_keys() {
  static const std::set<std::string_view> keys{
      "title",  "severity", "confidence",  "maturity",  "message",    "why", "fix",
      "atlas",  "phase",    "mitigations", "cwe",       "references", "on",  "where",
      "unless", "raise",    "lower",       "aggregate", "key"};
  return keys;
}

Result<int> read_card(std::string_view id, const Node& root, RuleCard& card) {
  card.id = id;
  card.category = id.substr(0, id.find('/'));
  card.title = root.text_at("title");
  card.why = trim(root.text_at("why"));
  card.fix = trim(root.text_at("fix"));
  card.on = root.text_at("on");
  card.phases = texts(root.at("phase"));
  card.techniques = texts(root.at("atlas"));
  card.mitigations = texts(root.at("mitigations"));
  card.references = texts(root.at("references"));
  card.cwe = texts(root.at("cwe"), "CWE-");
  if (root.at("maturity") != nullptr) card.maturity = root.text_at("maturity");
  if (!from_text(root.text_at("severity"), card.severity))
    return bad(id, root, "severity must be critical, high, medium, low or info");
  if (root.at("confidence") != nullptr && !from_text(root.text_at("confidence"), card.confidence))
    return bad(id, root, "confidence must be high, medium or low");
  for (auto [name, missing] : {std::pair{"title", card.title.empty()},
                               {"why", card.why.empty()},
                               {"fix", card.fix.empty()},
                               {"on", card.on.empty()},
                               {"atlas", card.techniques.empty()},
                               {"phase", card.phases.empty()}})
    if (missing) return bad(id, root, std::string("'") + name + "' is missing");
  return 0;
}

}  // namespace

Result<Rule> read_rule(std::string_view id, std::string_view yaml) {
  return read_rule(id, parse_yaml(yaml));
}

Result<Rule> read_rule(std::string_view id, const Parsed& parsed) {
  Node none;
  none.line = parsed.problem_at.line;
  if (!parsed.ok()) return bad(id, none, parsed.problem);
  if (parsed.documents.size() != 1 || !parsed.documents[0].root.is_map())
    return bad(id, none, "must hold one map");
  const Node& root = parsed.documents[0].root;
  for (const Node& key : root.keys)
    if (!known_keys().contains(key.text))
      return bad(id, key, "no field is called '" + key.text + "'");
  Rule rule;
  TRY(read_card(id, root, rule.card));
  rule.message = trim(root.text_at("message"));
  rule.where = TRY(conditions(id, root.at("where")));
  rule.unless = TRY(conditions(id, root.at("unless")));
  rule.raise = TRY(shifts(id, root.at("raise")));
  rule.lower = TRY(shifts(id, root.at("lower")));
  rule.key = texts(root.at("key"));
  auto aggregate = root.text_at("aggregate");
  if (aggregate == "estate")
    rule.aggregate = Rule::Aggregate::estate;
  else if (aggregate == "artifact")
    rule.aggregate = Rule::Aggregate::artifact;
  else if (!aggregate.empty())
    return bad(id, *root.at("aggregate"), "aggregate must be estate or artifact");
  rule.names_role = names(rule.where, "role") || names(rule.unless, "role");
  for (const auto* list : {&rule.raise, &rule.lower})
    for (const auto& s : *list) rule.names_role = rule.names_role || names(s.when, "role");
  rule.attributes = all_attributes(rule);
  return rule;
}

bool evaluate(const Rule& rule, const FactView& view, Finding& out) {
  if (!certain(rule.where, view)) return false;
  if (rule.unless != nullptr && holds(*rule.unless, view) == Answer::yes) return false;
  const RuleCard& card = rule.card;
  out.rule = card.id;
  out.title = card.title;
  out.severity = card.severity;
  out.confidence = card.confidence;
  for (const auto& s : rule.lower)
    if (certain(s.when, view) && s.to < out.severity) {
      out.severity = s.to;
      out.severity_why = "lowered by the rule's own context";
    }
  bool quiet_place = view.role == "example" || view.role == "test" || view.role == "docs";
  if (quiet_place && !rule.names_role && out.severity > Severity::info) {
    out.severity = static_cast<Severity>(static_cast<int>(out.severity) - 1);
    out.severity_why = "lowered: the file is " + std::string(view.role == "docs"   ? "documentation"
                                                             : view.role == "test" ? "a test"
                                                                                   : "an example");
  }
  for (const auto& s : rule.raise)
    if (certain(s.when, view) && s.to > out.severity) {
      out.severity = s.to;
      out.severity_why = "raised by the rule's own context";
    }
  const Fact& fact = view.fact();
  out.message = rule.message.empty() ? fact.says : fill(rule.message, view);
  if (out.message.empty()) out.message = card.title;
  out.evidence = fact.says;
  out.place = fact.place;
  return true;
}

bool may_fire(const Rule& rule, const FactView& view) {
  return (rule.where == nullptr || holds(*rule.where, view) != Answer::no) &&
         (rule.unless == nullptr || holds(*rule.unless, view) != Answer::yes);
}

bool asks_for(const Rule& rule, std::span<const std::string_view> attributes) {
  return std::any_of(attributes.begin(), attributes.end(), [&](std::string_view a) {
    return std::find(rule.attributes.begin(), rule.attributes.end(), a) != rule.attributes.end();
  });
}

Result<int> RuleSet::add(std::string_view id, std::string_view yaml) {
  return add(TRY(read_rule(id, yaml)));
}

Result<int> RuleSet::add(Rule rule) {
  std::erase_if(rules_, [&](const Rule& r) { return r.card.id == rule.card.id; });
  rules_.push_back(std::move(rule));
  return 0;
}

Result<int> RuleSet::add_embedded() {
  for (const EmbeddedFile& file : embedded_rules()) {
    std::string_view path = file.path;
    add(TRY(read_rule(path.substr(0, path.rfind('/')), unpack(file.text()))));
  }
  return 0;
}

Result<int> RuleSet::add_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error))
    if (it->path().filename() == "rule.yaml") found.push_back(it->path());
  if (error) return Fail(Error{"read rules from " + folder, error.message()});
  if (found.empty())
    return Fail(Error{"read rules from " + folder, "no CATEGORY/NAME/rule.yaml in it"});
  std::sort(found.begin(), found.end());
  for (const auto& path : found) {
    std::ifstream in(path);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    fs::path name = path.parent_path();
    std::string id = name.parent_path().filename().string() + "/" + name.filename().string();
    TRY(add(id, text));
  }
  return static_cast<int>(found.size());
}

void RuleSet::finish(bool with_sandbox) {
  std::erase_if(rules_, [&](const Rule& r) {
    return r.card.maturity == "deprecated" || (r.card.maturity == "sandbox" && !with_sandbox);
  });
  std::sort(rules_.begin(), rules_.end(),
            [](const Rule& a, const Rule& b) { return a.card.id < b.card.id; });
  by_kind_.clear();
  for (std::uint32_t i = 0; i < rules_.size(); ++i) index(i);
}

namespace {

// A test on a fact's own attribute for plain values, without which the rule does not fire; null:
// there is none. What conditions look up elsewhere (path, role, an owner's attributes) is no guard.
const Condition* guard_of(const Condition& where) {
  if (where.type == Condition::Type::equals) {
    for (std::string_view elsewhere : {"path", "file", "role", "kinds"})
      if (where.attribute == elsewhere) return nullptr;
    bool plain = where.attribute.find_first_of(".*") == std::string::npos;
    return plain ? &where : nullptr;
  }
  if (where.type != Condition::Type::all) return nullptr;
  for (const Condition& part : where.parts)
    if (const Condition* g = guard_of(part); g != nullptr) return g;
  return nullptr;
}

}  // namespace

void RuleSet::index(std::uint32_t rule) {
  const Rule& r = rules_[rule];
  auto on = std::find_if(by_kind_.begin(), by_kind_.end(),
                         [&](const OnKind& k) { return k.kind == r.card.on; });
  if (on == by_kind_.end()) on = by_kind_.insert(on, OnKind{r.card.on, {}, {}});
  const Condition* test = r.where == nullptr ? nullptr : guard_of(*r.where);
  if (test == nullptr) return on->unguarded.push_back(rule);
  auto guard = std::find_if(on->guards.begin(), on->guards.end(),
                            [&](const Guard& g) { return g.attribute == test->attribute; });
  if (guard == on->guards.end()) guard = on->guards.insert(guard, Guard{test->attribute, {}, {}});
  guard->rules.push_back(rule);
  for (const std::string& value : test->values) guard->by_value[value].push_back(rule);
}

void RuleSet::candidates(const Fact& fact, std::span<const std::string_view> pending,
                         std::vector<std::uint32_t>& out) const {
  out.clear();
  auto on = std::find_if(by_kind_.begin(), by_kind_.end(),
                         [&](const OnKind& k) { return k.kind == fact.kind; });
  if (on == by_kind_.end()) return;
  out = on->unguarded;
  for (const Guard& g : on->guards) {
    bool open = std::find(pending.begin(), pending.end(), g.attribute) != pending.end();
    for (const Attribute& a : fact.attributes) open = open || (!a.known && a.name == g.attribute);
    if (open) {
      out.insert(out.end(), g.rules.begin(), g.rules.end());
      continue;
    }
    for (const Attribute& a : fact.attributes) {
      if (a.name != g.attribute) continue;
      auto rules = g.by_value.find(a.value);
      if (rules != g.by_value.end())
        out.insert(out.end(), rules->second.begin(), rules->second.end());
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

void RuleSet::keep_only(const std::vector<std::string>& ids) {
  std::erase_if(rules_, [&](const Rule& r) {
    return std::find(ids.begin(), ids.end(), r.card.id) == ids.end();
  });
  finish(true);
}

}  // namespace parapet
