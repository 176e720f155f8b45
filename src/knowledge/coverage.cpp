#include "knowledge/coverage.h"

#include <algorithm>
#include <set>

namespace parapet {
namespace {

constexpr std::size_t max_named =
    4;  // rules and controls spelt out in a sentence; the rest is counted

bool holds(const std::vector<std::string>& items, std::string_view x) {
  return std::ranges::find(items, x) != items.end();
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

std::string some_of(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < std::min(items.size(), max_named); ++i)
    out += (i > 0 ? ", " : "") + items[i];
  if (items.size() > max_named) out += " and " + std::to_string(items.size() - max_named) + " more";
  return out;
}

std::string where(const ControlSeen& c) {
  std::string out = c.name + " at " + c.artifact;
  if (c.place.line > 0) out += ":" + std::to_string(c.place.line);
  return out;
}

// A rule that speaks of a technique, with what it found.
struct Speaking {
  const RuleCard* rule = nullptr;
  std::vector<std::string> exposing;  // ids of findings of severity low and above
  std::size_t informing = 0;          // findings below that
};

class Coverer {
 public:
  Coverer(const Knowledge& k, const std::vector<RuleCard>& rules,
          const std::vector<Finding>& findings, const std::map<std::string, std::uint64_t>& facts,
          const std::vector<ControlSeen>& controls)
      : k_(k), facts_(facts) {
    std::map<std::string_view, const RuleCard*> by_id;
    for (const RuleCard& r : rules) {
      by_id.emplace(r.id, &r);
      for (const std::string& t : std::set<std::string>(r.techniques.begin(), r.techniques.end()))
        speaking_[t].push_back({&r, {}, 0});
    }
    for (const Finding& f : findings) {
      auto rule = by_id.find(f.rule);
      if (rule == by_id.end()) continue;
      for (const std::string& t : rule->second->techniques) add(speaking_[t], *rule->second, f);
    }
    for (const ControlSeen& c : controls) {
      auto control = std::ranges::find(k.controls, c.name, &Control::name);
      if (control == k.controls.end()) continue;
      for (const auto& t : control->techniques)
        for (const auto& p : control->phases) guards_[{t, p}].push_back(where(c));
    }
  }

  std::vector<Coverage> run() {
    std::vector<Coverage> out;
    for (const Technique& t : k_.techniques)
      for (const std::string& phase : phases_of(t)) out.push_back(entry(t, phase));
    return out;
  }

 private:
  static void add(std::vector<Speaking>& all, const RuleCard& rule, const Finding& f) {
    for (Speaking& s : all)
      if (s.rule == &rule) {
        if (f.severity < Severity::low)
          ++s.informing;
        else if (!holds(s.exposing, f.id))
          s.exposing.push_back(f.id);
        return;
      }
  }

  // A technique of another release that we have not classified has the phases of the rules that
  // name it, else all.
  std::vector<std::string> phases_of(const Technique& t) const {
    if (!t.ours.phases.empty()) return t.ours.phases;
    std::vector<std::string> out;
    auto rules = speaking_.find(t.id);
    for (const SurveyItem& p : k_.phases)
      if (rules == speaking_.end() || std::ranges::any_of(rules->second, [&](const Speaking& s) {
            return s.rule->phases.empty() || holds(s.rule->phases, p.id);
          }))
        out.push_back(p.id);
    return out;
  }

  static bool speaks_of(const RuleCard& r, const Technique& t, const std::string& phase) {
    if (holds(r.phases, phase)) return true;
    return std::ranges::none_of(r.phases,
                                [&](const std::string& p) { return holds(t.ours.phases, p); });
  }

  Coverage entry(const Technique& t, const std::string& phase) {
    Coverage c;
    c.technique = t.id;
    c.name = t.display;
    c.tactic = t.tactics.empty() ? "" : t.tactics.front();
    c.phase = phase;
    std::vector<const Speaking*> rules;
    if (auto at = speaking_.find(t.id); at != speaking_.end())
      for (const Speaking& s : at->second)
        if (speaks_of(*s.rule, t, phase)) rules.push_back(&s);
    if (auto at = guards_.find({t.id, phase}); at != guards_.end()) {
      std::set<std::string> once(at->second.begin(), at->second.end());
      c.controls.assign(once.begin(), once.end());
    }
    if (!exposed(c, rules) && !guarded(c) && !not_seen(c, rules)) not_assessable(c, t, rules);
    return c;
  }

  static bool exposed(Coverage& c, const std::vector<const Speaking*>& rules) {
    std::vector<std::string> names;
    for (const Speaking* s : rules) {
      if (s->exposing.empty()) continue;
      names.push_back(s->rule->id);
      for (const auto& id : s->exposing)
        if (!holds(c.findings, id)) c.findings.push_back(id);
    }
    if (c.findings.empty()) return false;
    std::ranges::sort(c.findings);
    c.state = Coverage::State::exposed;
    c.why = counted(c.findings.size(), "finding", "findings") + " by " + some_of(names);
    return true;
  }

  static bool guarded(Coverage& c) {
    if (c.controls.empty()) return false;
    c.state = Coverage::State::guarded;
    c.why = "nothing found, and there is " + some_of(c.controls) +
            "; that it is there was seen, not that it works";
    return true;
  }

  std::uint64_t facts_of(const std::string& kind) const {
    auto at = facts_.find(kind);
    return at == facts_.end() ? 0 : at->second;
  }

  bool not_seen(Coverage& c, const std::vector<const Speaking*>& rules) const {
    std::vector<std::string> names;
    std::map<std::string, std::uint64_t> looked;
    std::size_t informing = 0;
    for (const Speaking* s : rules) {
      if (facts_of(s->rule->on) == 0) continue;
      names.push_back(s->rule->id);
      looked[s->rule->on] = facts_of(s->rule->on);
      informing += s->informing;
    }
    if (names.empty()) return false;
    std::vector<std::string> seen;
    seen.reserve(looked.size());
    for (const auto& [kind, n] : looked) seen.push_back(std::to_string(n) + " " + kind);
    c.state = Coverage::State::not_seen;
    c.why = counted(names.size(), "rule", "rules") + " (" + some_of(names) +
            ") looked at facts: " + some_of(seen);
    if (informing > 0)
      c.why += "; " + counted(informing, "finding is", "findings are") + " for information only";
    return true;
  }

  static void not_assessable(Coverage& c, const Technique& t,
                             const std::vector<const Speaking*>& rules) {
    c.state = Coverage::State::not_assessable;
    if (!rules.empty()) {
      std::set<std::string> kinds;
      for (const Speaking* s : rules) kinds.insert(s->rule->on);
      c.why = "nothing to look at: " + counted(rules.size(), "rule asks", "rules ask") +
              " for facts of kind " + some_of({kinds.begin(), kinds.end()}) +
              ", and the targets held none";
      return;
    }
    const std::string way = t.ours.assess.empty() ? "" : t.ours.assess.front();
    if (t.ours.category == "unclassified")
      c.why = "not known to this program: no rule names it";
    else if (way == "not-assessable" && t.ours.locus == "outcome")
      c.why = "a consequence; what leads to it is assessed instead";
    else if (way == "not-assessable")
      c.why = "happens on the attacker's side; nothing in an estate shows it";
    else if (way == "questionnaire-only")
      c.why = "people have to answer: files do not settle it, and no rule looks for it";
    else if (way == "live-probe")
      c.why = "shows on a running system, which was not probed, and no rule looks for it in files";
    else
      c.why = "no rule looks for it yet";
  }

  const Knowledge& k_;
  const std::map<std::string, std::uint64_t>& facts_;
  std::map<std::string, std::vector<Speaking>, std::less<>> speaking_;  // by technique
  std::map<std::pair<std::string, std::string>, std::vector<std::string>>
      guards_;  // by technique and phase
};

}  // namespace

std::vector<Coverage> cover(const Knowledge& knowledge, const std::vector<RuleCard>& rules,
                            const std::vector<Finding>& findings,
                            const std::map<std::string, std::uint64_t>& fact_counts,
                            const std::vector<ControlSeen>& controls) {
  return Coverer(knowledge, rules, findings, fact_counts, controls).run();
}

void fill_matrix(const Knowledge& k, Scan& scan) {
  scan.atlas_version = k.version;
  for (const Tactic& t : k.tactics) scan.tactics.push_back({t.id, t.name});
  for (const Mitigation& m : k.mitigations) scan.mitigations.push_back({m.id, m.name});
  for (const SurveyItem& p : k.phases) scan.phases.push_back({p.id, p.name});
  for (const SurveyItem& c : k.categories) scan.categories.push_back({c.id, c.name});
  for (const Technique& t : k.techniques) {
    TechniqueCard card;
    card.id = t.id;
    card.name = t.display;
    card.parent = t.parent;
    card.maturity = t.maturity;
    card.category = t.ours.category;
    card.tactics = t.tactics;
    card.phases = t.ours.phases;
    card.mitigations = t.mitigations;
    scan.techniques.push_back(std::move(card));
  }
  if (std::ranges::any_of(k.techniques,
                          [](const Technique& t) { return t.ours.category == "unclassified"; }))
    scan.categories.push_back({"unclassified", "Unclassified"});
  for (const std::string& n : k.notes) scan.notes.push_back("ATLAS file: " + n);
  std::set<std::string> missing;
  for (const RuleCard& r : scan.rules) {
    for (const auto& t : r.techniques)
      if (k.technique(t) == nullptr) missing.insert(t);
    for (const auto& m : r.mitigations)
      if (m.starts_with("AML.") && k.mitigation(m) == nullptr) missing.insert(m);
  }
  if (!missing.empty())
    scan.notes.push_back("ATLAS " + k.version + " does not have " +
                         some_of({missing.begin(), missing.end()}) +
                         ", which rules name: the coverage leaves them out");
}

}  // namespace parapet
