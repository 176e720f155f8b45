#include "knowledge/knowledge.h"

#include <algorithm>

namespace parapet {
namespace {

template <class Items>
auto by_id(Items& sorted, std::string_view id) -> decltype(&*sorted.begin()) {
  auto at = std::lower_bound(sorted.begin(), sorted.end(), id,
                             [](const auto& x, std::string_view i) { return x.id < i; });
  return at != sorted.end() && at->id == id ? &*at : nullptr;
}

// For the short lists that keep the order of their file.
template <class T>
const T* among(const std::vector<T>& items, std::string_view id) {
  auto at = std::ranges::find(items, id, &T::id);
  return at != items.end() ? &*at : nullptr;
}

bool holds(const std::vector<std::string>& items, std::string_view x) {
  return std::ranges::find(items, x) != items.end();
}

class Check {
 public:
  explicit Check(const Knowledge& k) : k_(k) {}

  std::vector<std::string> run() {
    for (const Technique& t : k_.techniques) technique(t);
    for (const Mitigation& m : k_.mitigations) mitigation(m);
    for (const CaseStudy& c : k_.case_studies) case_study(c);
    for (const Family& f : k_.families)
      for (const auto& m : f.mitigations) need(k_.mitigation(m) != nullptr, f.id, "mitigation", m);
    for (const Control& c : k_.controls) {
      for (const auto& t : c.techniques)
        need(k_.technique(t) != nullptr, "control " + c.name, "technique", t);
      for (const auto& p : c.phases) need(k_.phase(p) != nullptr, "control " + c.name, "phase", p);
      for (const auto& f : c.families)
        need(k_.family(f) != nullptr, "control " + c.name, "family", f);
    }
    for (const Attacker& a : k_.attackers) {
      need(holds(k_.knowledge_scale, a.knowledge), a.id, "knowledge", a.knowledge);
      for (const auto& p : a.access) need(among(k_.positions, p) != nullptr, a.id, "access", p);
    }
    return std::move(out_);
  }

 private:
  void need(bool there, std::string_view whose, std::string_view what, std::string_view id) {
    if (!there)
      out_.push_back(std::string(whose) + ": no such " + std::string(what) + " \"" +
                     std::string(id) + "\"");
  }

  void technique(const Technique& t) {
    if (t.is_sub()) need(k_.technique(t.parent) != nullptr, t.id, "parent", t.parent);
    if (t.tactics.empty()) out_.push_back(t.id + ": no tactic");
    for (const auto& x : t.tactics) need(k_.tactic(x) != nullptr, t.id, "tactic", x);
    std::string borne_out = derived_maturity(k_, t);
    if (t.maturity != borne_out)
      out_.push_back(t.id + ": maturity is " + t.maturity + ", the case studies say " + borne_out);
    const Classification& c = t.ours;
    if (c.category == "unclassified") return;
    need(k_.category(c.category) != nullptr, t.id, "category", c.category);
    if (!c.secondary.empty())
      need(k_.category(c.secondary) != nullptr, t.id, "category", c.secondary);
    for (const auto& s : c.stages) need(among(k_.stages, s) != nullptr, t.id, "stage", s);
    for (const auto& f : c.families) need(k_.family(f) != nullptr, t.id, "family", f);
    need(holds(k_.knowledge_scale, c.knowledge), t.id, "knowledge", c.knowledge);
    need(among(k_.positions, c.access) != nullptr, t.id, "access", c.access);
    one_of(t.id, c.locus, {"target-side", "attacker-side", "outcome"});
    one_of(t.id, c.evidence, {"direct", "indirect", "none"});
    for (const auto& a : c.assess)
      one_of(t.id, a, {"static", "live-probe", "questionnaire-only", "not-assessable"});
    if (c.phases.empty() || c.assess.empty() || c.looks_for.empty() || c.guarded_by.empty())
      out_.push_back(t.id + ": the classification is incomplete");
  }

  void one_of(std::string_view whose, std::string_view value,
              std::initializer_list<std::string_view> allowed) {
    need(std::ranges::find(allowed, value) != allowed.end(), whose, "value", value);
  }

  void mitigation(const Mitigation& m) {
    for (const auto& t : m.techniques) need(k_.technique(t) != nullptr, m.id, "technique", t);
    for (const auto& l : m.lifecycle) need(k_.phase_of_lifecycle.contains(l), m.id, "lifecycle", l);
  }

  void case_study(const CaseStudy& c) {
    for (std::size_t i = 0; i < c.steps.size(); ++i) {
      const auto& s = c.steps[i];
      std::string whose = c.id + " step " + std::to_string(i + 1);
      const Technique* t = k_.technique(s.technique);
      need(t != nullptr, whose, "technique", s.technique);
      need(k_.tactic(s.tactic) != nullptr, whose, "tactic", s.tactic);
      if (t != nullptr && !holds(t->tactics, s.tactic))
        out_.push_back(whose + ": " + t->id + " does not belong to " + s.tactic);
    }
  }

  const Knowledge& k_;
  std::vector<std::string> out_;
};

}  // namespace

const Tactic* Knowledge::tactic(std::string_view id) const { return among(tactics, id); }
const Technique* Knowledge::technique(std::string_view id) const { return by_id(techniques, id); }
const Mitigation* Knowledge::mitigation(std::string_view id) const {
  return by_id(mitigations, id);
}
const CaseStudy* Knowledge::case_study(std::string_view id) const {
  return by_id(case_studies, id);
}
const SurveyItem* Knowledge::category(std::string_view id) const { return among(categories, id); }
const SurveyItem* Knowledge::phase(std::string_view id) const { return among(phases, id); }
const Family* Knowledge::family(std::string_view id) const { return among(families, id); }

bool Knowledge::within_reach(const Attacker& a, const Technique& t) const {
  auto rank = [&](std::string_view x) {
    return std::ranges::find(knowledge_scale, x) - knowledge_scale.begin();
  };
  return rank(t.ours.knowledge) <= rank(a.knowledge) && holds(a.access, t.ours.access);
}

std::string derived_maturity(const Knowledge& k, const Technique& t) {
  bool seen = false;
  bool incident = false;
  auto count = [&](const Technique& x) {
    for (const StudyStep& s : x.steps) {
      const CaseStudy* c = k.case_study(s.study);
      seen = true;
      if (c != nullptr && c->type == "incident") incident = true;
    }
  };
  count(t);
  for (const auto& id : t.children)
    if (const Technique* child = k.technique(id)) count(*child);
  return incident ? "realized" : seen ? "demonstrated" : "feasible";
}

std::vector<std::string> problems(const Knowledge& k) { return Check(k).run(); }

namespace {

using knowledge_parts::Ours;

std::string line_of(Ours& ours, const std::string& id) {
  auto at = ours.lines.find(id);
  return at != ours.lines.end() ? std::move(at->second) : std::string();
}

void connect_technique(Knowledge& k, Ours& ours, Technique& t) {
  t.line = line_of(ours, t.id);
  if (auto at = ours.since.find(t.id); at != ours.since.end()) t.since = at->second;
  t.display = t.name;
  if (Technique* parent = t.is_sub() ? by_id(k.techniques, t.parent) : nullptr) {
    parent->children.push_back(t.id);
    t.display = parent->name + ": " + t.name;
    if (t.tactics.empty()) t.tactics = parent->tactics;
  }
  if (auto at = ours.classes.find(t.id); at != ours.classes.end())
    t.ours = std::move(at->second);
  else
    t.ours.category = "unclassified";
}

void connect_mitigation(Knowledge& k, Mitigation& m) {
  auto falls_into = [&](const std::string& lifecycle, const std::string& phase) {
    auto at = k.phase_of_lifecycle.find(lifecycle);
    return at != k.phase_of_lifecycle.end() && at->second == phase;
  };
  for (const SurveyItem& p : k.phases)  // in the order of the phases, once each
    if (std::ranges::any_of(m.lifecycle, [&](const std::string& l) { return falls_into(l, p.id); }))
      m.phases.push_back(p.id);
  for (const Family& f : k.families)
    if (holds(f.mitigations, m.id)) m.family = f.id;
  for (const auto& id : m.techniques)
    if (Technique* t = by_id(k.techniques, id)) t->mitigations.push_back(m.id);
}

void connect_case_study(Knowledge& k, const CaseStudy& c) {
  for (std::size_t i = 0; i < c.steps.size(); ++i)
    if (Technique* t = by_id(k.techniques, c.steps[i].technique))
      t->steps.push_back({c.id, static_cast<unsigned>(i + 1), c.steps[i].tactic});
}

}  // namespace

void knowledge_parts::connect(Knowledge& k, Ours ours) {
  std::ranges::sort(k.techniques, {}, &Technique::id);
  std::ranges::sort(k.mitigations, {}, &Mitigation::id);
  std::ranges::sort(k.case_studies, {}, &CaseStudy::id);
  for (Tactic& t : k.tactics) t.line = line_of(ours, t.id);
  for (Technique& t : k.techniques) connect_technique(k, ours, t);
  for (Mitigation& m : k.mitigations) {
    m.line = line_of(ours, m.id);
    connect_mitigation(k, m);
  }
  for (CaseStudy& c : k.case_studies) {
    c.line = line_of(ours, c.id);
    connect_case_study(k, c);
  }
}

}  // namespace parapet
