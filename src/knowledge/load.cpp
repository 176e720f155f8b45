// Reads the files under knowledge/ that were built into the program. They are ours, yet people edit
// them, so what is wrong with one is said with its name and line.
#include <algorithm>

#include "base/embedded.h"
#include "base/text.h"
#include "knowledge/knowledge.h"
#include "syntax/packed.h"

namespace parapet {
namespace {

using knowledge_parts::Ours;

Result<Node> read(const EmbeddedFile& file) {
  Parsed p = unpack(file.text());
  if (!p.ok() || p.documents.empty() || !p.documents.front().root.is_map())
    return Fail(Error{
        std::string("read knowledge/") + file.path,
        p.ok() ? "it is not a map" : p.problem + " at line " + std::to_string(p.problem_at.line)});
  return std::move(p.documents.front().root);
}

Result<Node> read(std::string_view path) {
  for (const EmbeddedFile& f : embedded_knowledge())
    if (f.path == path) return read(f);
  return Fail(Error{"read knowledge/" + std::string(path), "it was not built into the program"});
}

std::string text(const Node& n, std::string_view key) {
  const Node* x = n.at(key);
  return x != nullptr && x->is_scalar() ? x->text : std::string();
}

std::vector<std::string> texts(const Node& n, std::string_view key) {
  std::vector<std::string> out;
  if (const Node* list = n.at(key); list != nullptr)
    for (const Node& x : list->items) out.push_back(x.text);
  return out;
}

// The maps of a list; empty when the key is absent.
const std::vector<Node>& items(const Node& n, std::string_view key) {
  static const std::vector<Node> none;
  const Node* list = n.at(key);
  return list != nullptr && list->is_list() ? list->items : none;
}

std::vector<SurveyItem> survey_items(const Node& root, std::string_view key,
                                     std::string_view under) {
  std::vector<SurveyItem> out;
  for (const Node& n : items(root, key))
    out.push_back(
        {text(n, "id"), text(n, "name"), text(n, "line"), text(n, "basis"), text(n, under)});
  return out;
}

Result<bool> load_axes(Knowledge& k) {
  Node survey = TRY(read("survey.yaml"));
  k.levels = survey_items(survey, "levels", "");
  k.categories = survey_items(survey, "categories", "level");
  k.phases = survey_items(survey, "phases", "");
  k.stages = survey_items(survey, "stages", "phase");
  for (const Node& n : items(survey, "lifecycle"))
    k.phase_of_lifecycle.emplace(text(n, "name"), text(n, "phase"));

  Node attackers = TRY(read("attackers.yaml"));
  k.knowledge_scale = texts(attackers, "knowledge_scale");
  k.positions = survey_items(attackers, "positions", "");
  for (const Node& n : items(attackers, "attackers"))
    k.attackers.push_back({text(n, "id"), text(n, "name"), text(n, "line"), text(n, "knowledge"),
                           texts(n, "access")});

  Node families = TRY(read("families.yaml"));
  for (const Node& n : items(families, "families"))
    k.families.push_back(
        {text(n, "id"), text(n, "name"), text(n, "line"), texts(n, "mitigations")});

  Node controls = TRY(read("controls.yaml"));
  for (const Node& n : items(controls, "controls"))
    k.controls.push_back({text(n, "name"), text(n, "line"), texts(n, "techniques"),
                          texts(n, "phases"), texts(n, "families")});
  return true;
}

Classification classification(const Knowledge& k, const Node& n, const std::string& category) {
  Classification c;
  c.category = category;
  c.secondary = text(n, "secondary");
  c.theme = text(n, "theme");
  c.stages = texts(n, "stages");
  for (const SurveyItem& p : k.phases)
    for (const SurveyItem& s : k.stages)
      if (s.under == p.id && std::find(c.stages.begin(), c.stages.end(), s.id) != c.stages.end()) {
        c.phases.push_back(p.id);
        break;
      }
  c.locus = text(n, "locus");
  c.knowledge = text(n, "knowledge");
  c.access = text(n, "access");
  c.assess = texts(n, "assess");
  c.evidence = text(n, "evidence");
  c.families = texts(n, "families");
  c.looks_for = text(n, "looks_for");
  c.guarded_by = text(n, "guarded_by");
  return c;
}

Result<bool> load_atlas_facts(Knowledge& k, Ours& ours) {
  Node tactics = TRY(read("atlas/tactics.yaml"));
  k.version = text(tactics, "version");
  k.matrix = "ATLAS Matrix";
  for (const Node& n : items(tactics, "tactics"))
    k.tactics.push_back({text(n, "id"), text(n, "name"), text(n, "attack"), {}});

  Node mitigations = TRY(read("atlas/mitigations.yaml"));
  for (const Node& n : items(mitigations, "mitigations")) {
    Mitigation m;
    m.id = text(n, "id");
    m.name = text(n, "name");
    m.type = text(n, "type");
    m.attack = text(n, "attack");
    m.lifecycle = texts(n, "lifecycle");
    m.techniques = texts(n, "techniques");
    k.mitigations.push_back(std::move(m));
  }

  Node studies = TRY(read("atlas/case-studies.yaml"));
  for (const Node& n : items(studies, "case_studies")) {
    CaseStudy c;
    c.id = text(n, "id");
    c.name = text(n, "name");
    c.type = text(n, "type");
    c.date = text(n, "date");
    for (const Node& s : items(n, "steps")) {
      Halves h = split_once(s.text, "/");
      c.steps.push_back({std::string(h.before), std::string(h.after)});
    }
    k.case_studies.push_back(std::move(c));
  }

  Node techniques = TRY(read("atlas/techniques.yaml"));
  for (const Node& n : items(techniques, "techniques")) {
    Technique t;
    t.id = text(n, "id");
    t.name = text(n, "name");
    t.parent = text(n, "parent");
    t.tactics = texts(n, "tactics");
    t.maturity = text(n, "maturity");
    t.attack = text(n, "attack");
    ours.since.emplace(t.id, text(n, "since"));
    k.techniques.push_back(std::move(t));
  }
  return true;
}

}  // namespace

Result<Ours> knowledge_parts::load_ours(Knowledge& k) {
  TRY(load_axes(k));
  Ours ours;
  Node descriptions = TRY(read("atlas/descriptions.yaml"));
  for (const Node& section : descriptions.items)
    for (std::size_t i = 0; i < section.keys.size(); ++i)
      ours.lines.emplace(section.keys[i].text, section.items[i].text);
  for (const EmbeddedFile& f : embedded_knowledge()) {
    if (!std::string_view(f.path).starts_with("classification/")) continue;
    Node root = TRY(read(f));
    std::string category = text(root, "category");
    const Node* all = root.at("techniques");
    if (all == nullptr || !all->is_map())
      return Fail(Error{std::string("read knowledge/") + f.path, "it has no techniques"});
    for (std::size_t i = 0; i < all->keys.size(); ++i) {
      const std::string& id = all->keys[i].text;
      if (!ours.classes.emplace(id, classification(k, all->items[i], category)).second)
        return Fail(Error{std::string("read knowledge/") + f.path, id + " is classified twice"});
    }
  }
  return ours;
}

Result<Knowledge> load_knowledge() {
  Knowledge k;
  Ours ours = TRY(knowledge_parts::load_ours(k));
  TRY(load_atlas_facts(k, ours));
  knowledge_parts::connect(k, std::move(ours));
  return k;
}

}  // namespace parapet
