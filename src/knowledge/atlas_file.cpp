#include "knowledge/atlas_file.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "syntax/yaml.h"

namespace parapet {
namespace {

constexpr std::uint64_t max_nodes = 500'000;

bool holds(const std::vector<std::string>& items, std::string_view x) {
  return std::ranges::find(items, x) != items.end();
}

bool digits(std::string_view s, std::size_t n) {
  return s.size() == n && std::ranges::all_of(s, is_digit);
}

// Prefix of dotted upper-case parts, then `letters` and four digits, for sub-techniques three more:
// AML.T0010.003
bool is_id(std::string_view id, std::string_view letters) {
  std::vector<std::string_view> parts = split(id, '.');
  bool sub = letters == "T" && parts.size() >= 3 && digits(parts.back(), 3) &&
             parts[parts.size() - 2].starts_with("T");
  if (sub) parts.pop_back();
  if (parts.size() < 2) return false;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    std::string_view p = parts[i];
    while (!p.empty() && is_digit(p.back())) p.remove_suffix(1);
    if (p.empty() || !std::ranges::all_of(p, [](char c) { return c >= 'A' && c <= 'Z'; }))
      return false;
  }
  return parts.back().starts_with(letters) && digits(parts.back().substr(letters.size()), 4);
}

// A date as far as the file is sure of it.
std::string date_of(const Node& study) {
  std::string date(study.text_at("incident-date"));
  std::string_view grain = study.text_at("incident-date-granularity");
  std::size_t keep = grain == "YEAR" ? 4 : grain == "MONTH" ? 7 : 10;
  return date.substr(0, keep);
}

class Loader {
 public:
  explicit Loader(Knowledge& k) : k_(k) {}

  Result<bool> run(const Node& root) {
    const Node* matrices = root.at("matrices");
    if (matrices == nullptr || !matrices->is_list() || matrices->items.empty())
      return Fail(Error{"read ATLAS file", "it has no matrices"});
    version(root);
    for (const Node& m : matrices->items) matrix(m);
    for (const Node& c : list(root, "case-studies")) case_study(c);
    if (k_.techniques.empty())
      return Fail(Error{"read ATLAS file", "its matrices hold no techniques"});
    settle_references();
    if (k_.matrix.empty()) k_.matrix = printable(root.text_at("name"));
    return true;
  }

  // Needs the reverse relations.
  void settle_maturity() {
    unsigned derived = 0;
    for (Technique& t : k_.techniques) {
      std::string borne_out = derived_maturity(k_, t);
      if (t.maturity.empty()) {
        t.maturity = borne_out;
        ++derived;
      } else if (t.maturity != borne_out) {
        note(t.id + ": maturity is given as " + t.maturity + ", its case studies bear out " +
             borne_out + "; kept as given");
      }
    }
    if (derived > 0)
      note("maturity of " + std::to_string(derived) +
           " techniques worked out from their case studies");
  }

 private:
  void note(std::string text) { k_.notes.push_back(std::move(text)); }

  static const std::vector<Node>& list(const Node& n, std::string_view key) {
    static const std::vector<Node> none;
    const Node* x = n.at(key);
    return x != nullptr && x->is_list() ? x->items : none;
  }

  static std::string name_of(const Node& n) { return printable(n.text_at("name")); }

  void version(const Node& root) {
    k_.version = printable(root.text_at("version"), 40);
    if (k_.version.empty()) {
      k_.version = "unknown";
      note("the file declares no version");
    }
  }

  // The id of an object, empty (and noted) when it cannot be used.
  std::string take_id(const Node& n, std::string_view letters, std::string_view what) {
    std::string id(n.text_at("id"));
    std::string where = std::string(what) + " at line " + std::to_string(n.line);
    if (!is_id(id, letters)) {
      note(where + ": \"" + printable(id, 40) + "\" is not an id of that kind; left out");
      return {};
    }
    if (!ids_.insert(id).second) {
      note(where + ": " + id + " stands twice; the first is kept");
      return {};
    }
    return id;
  }

  void matrix(const Node& m) {
    if (!m.is_map())
      return note("matrix at line " + std::to_string(m.line) + " is not a map; left out");
    std::string name = name_of(m);
    k_.matrix += (k_.matrix.empty() || name.empty() ? "" : " + ") + name;
    for (const Node& n : list(m, "tactics"))
      if (std::string id = take_id(n, "TA", "tactic"); !id.empty())
        k_.tactics.push_back({id, name_of(n), attack(n), {}});
    for (const Node& n : list(m, "techniques")) technique(n);
    for (const Node& n : list(m, "mitigations")) mitigation(n);
  }

  static std::string attack(const Node& n) {
    const Node* reference = n.at("ATT&CK-reference");
    return reference != nullptr ? printable(reference->text_at("id"), 40) : std::string();
  }

  void technique(const Node& n) {
    Technique t;
    t.id = take_id(n, "T", "technique");
    if (t.id.empty()) return;
    t.name = name_of(n);
    t.parent = n.text_at("subtechnique-of");
    t.attack = attack(n);
    for (const Node& x : list(n, "tactics")) t.tactics.push_back(x.text);
    t.maturity = lower(n.text_at("maturity"));
    if (!t.maturity.empty() && t.maturity != "feasible" && t.maturity != "demonstrated" &&
        t.maturity != "realized") {
      note(t.id + ": unknown maturity \"" + printable(t.maturity, 40) + "\"; worked out instead");
      t.maturity.clear();
    }
    k_.techniques.push_back(std::move(t));
  }

  void add_technique(Mitigation& m, std::string_view id) {
    if (holds(m.techniques, id))
      note(m.id + ": names " + printable(id, 40) + " twice; taken once");
    else
      m.techniques.emplace_back(id);
  }

  void mitigation(const Node& n) {
    Mitigation m;
    m.id = take_id(n, "M", "mitigation");
    if (m.id.empty()) return;
    m.name = name_of(n);
    m.attack = attack(n);
    if (const auto& types = list(n, "category"); !types.empty())
      m.type = printable(types.front().text, 60);
    for (const Node& x : list(n, "techniques"))
      add_technique(m, x.is_map() ? x.text_at("id") : std::string_view(x.text));
    for (const Node& x : list(n, "ml-lifecycle")) {
      if (!x.is_map()) {
        m.lifecycle.push_back(printable(x.text, 60));
        continue;
      }
      std::string id(x.text_at("id"));
      note(m.id + ": " + printable(id, 40) + " stands among its lifecycle stages (line " +
           std::to_string(x.line) + "); moved to its techniques");
      add_technique(m, id);
    }
    k_.mitigations.push_back(std::move(m));
  }

  void case_study(const Node& n) {
    CaseStudy c;
    c.id = take_id(n, "CS", "case study");
    if (c.id.empty()) return;
    c.name = name_of(n);
    c.type = printable(n.text_at("case-study-type"), 40);
    c.date = date_of(n);
    for (const Node& s : list(n, "procedure"))
      c.steps.push_back({std::string(s.text_at("tactic")), std::string(s.text_at("technique"))});
    k_.case_studies.push_back(std::move(c));
  }

  bool known(const std::string& id) const { return ids_.contains(id); }

  // After this every reference resolves.
  void settle_references() {
    auto drop = [&](const std::string& whose, std::vector<std::string>& ids) {
      std::erase_if(ids, [&](const std::string& id) {
        if (known(id)) return false;
        note(whose + ": names " + printable(id, 40) + ", which the file does not define; left out");
        return true;
      });
    };
    for (Technique& t : k_.techniques) {
      drop(t.id, t.tactics);
      if (t.is_sub() && !known(t.parent)) {
        note(t.id + ": its parent " + printable(t.parent, 40) +
             " is not in the file; taken as top level");
        t.parent.clear();
      } else if (std::size_t dot = t.id.rfind('.');
                 !t.is_sub() && digits(t.id.substr(dot + 1), 3) && known(t.id.substr(0, dot))) {
        t.parent = t.id.substr(0, dot);
        note(t.id + ": does not name its parent; taken from the id");
      }
    }
    for (Mitigation& m : k_.mitigations) drop(m.id, m.techniques);
    for (CaseStudy& c : k_.case_studies)
      for (std::size_t i = 0; i < c.steps.size(); ++i)
        for (std::string* id : {&c.steps[i].tactic, &c.steps[i].technique})
          if (!known(*id)) {
            note(c.id + ": step " + std::to_string(i + 1) + " names " +
                 (id->empty() ? "nothing" : printable(*id, 40)) +
                 ", which the file does not define; left open");
            id->clear();
          }
  }

  Knowledge& k_;
  std::set<std::string, std::less<>> ids_;
};

// The control map speaks of the built-in release; what this one does not have is not an error of
// anybody's.
void keep_what_exists(Knowledge& k) {
  for (Control& c : k.controls)
    std::erase_if(c.techniques, [&](const std::string& id) { return k.technique(id) == nullptr; });
  for (Family& f : k.families)
    std::erase_if(f.mitigations,
                  [&](const std::string& id) { return k.mitigation(id) == nullptr; });
}

// Numbers of case studies were given anew between early releases (AML.CS0015 told of cars once):
// our line goes only with the case that it was written about.
void keep_own_lines(const Knowledge& built_in, Knowledge& k, knowledge_parts::Ours& ours) {
  for (const CaseStudy& c : k.case_studies) {
    const CaseStudy* same = built_in.case_study(c.id);
    if (same == nullptr || same->name == c.name || same->date == c.date) continue;
    ours.lines.erase(c.id);
    k.notes.push_back(
        c.id + ": another case than the one that we describe under this id; our line left out");
  }
}

}  // namespace

Result<Knowledge> load_atlas_file(std::string_view text) {
  // The official file has 21,000 nodes; this bounds memory, not content.
  std::uint64_t nodes = 0;
  Parsed parsed = parse_yaml(text, [&] { return ++nodes <= max_nodes; });
  if (!parsed.ok())
    return Fail(Error{"read ATLAS file",
                      parsed.problem + " at line " + std::to_string(parsed.problem_at.line)});
  if (parsed.documents.empty() || !parsed.documents.front().root.is_map())
    return Fail(Error{"read ATLAS file", "it is not a YAML map"});
  Knowledge k;
  knowledge_parts::Ours ours = TRY(knowledge_parts::load_ours(k));
  Loader loader(k);
  TRY(loader.run(parsed.documents.front().root));
  keep_own_lines(TRY(load_knowledge()), k, ours);
  knowledge_parts::connect(k, std::move(ours));
  keep_what_exists(k);
  loader.settle_maturity();
  return k;
}

}  // namespace parapet
