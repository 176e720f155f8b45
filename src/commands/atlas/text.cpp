// The pages of `parapet atlas` as text. Each says what is a fact of ATLAS and what is our
// judgement.
#include "base/text.h"

#include <algorithm>

#include "commands/atlas/pages.h"

namespace parapet::atlas {
namespace {

constexpr std::size_t width = 100;

char mark(std::string_view maturity) {
  return maturity == "realized"       ? 'R'
         : maturity == "demonstrated" ? 'D'
         : maturity == "feasible"     ? 'F'
                                      : '?';
}

std::string padded(std::string_view s, std::size_t columns) {
  std::string out(s);
  if (out.size() < columns) out.append(columns - out.size(), ' ');
  return out;
}

// `text` broken at spaces, every line after `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::string line(indent, ' ');
  bool any = false;
  for (std::string_view word : split(text, ' ')) {
    if (any && line.size() + 1 + word.size() > width) {
      out += line + '\n';
      line.assign(indent, ' ');
      any = false;
    }
    if (any) line += ' ';
    line += word;
    any = true;
  }
  return out + line + '\n';
}

constexpr std::size_t label_width = 14;

// "  Tactics       Initial Access (AML.TA0004)", continued under itself; nothing for an empty
// value.
std::string field(std::string_view label, std::string_view value) {
  if (value.empty()) return {};
  std::string text = wrapped(value, 2 + label_width);
  return "  " + padded(label, label_width) + text.substr(2 + label_width);
}

std::string heading(std::string_view text) { return "\n" + std::string(text) + "\n"; }

std::string titled(const std::string& id, const std::string& name, const std::string& line) {
  std::string out = id + "  " + name + "\n";
  return line.empty() ? out : out + wrapped(line, 2);
}

// "  AML.M0013  Code Signing: Sign code, …"
std::string entry(const std::string& id, const std::string& name, const std::string& line,
                  std::size_t columns) {
  std::string text = wrapped(name + (line.empty() ? "" : ": " + line), 4 + columns);
  return "  " + padded(id, columns + 2) + text.substr(4 + columns);
}

std::string names_of_tactics(const Knowledge& k, const std::vector<std::string>& ids) {
  std::vector<std::string> out;
  out.reserve(ids.size());
  for (const auto& id : ids) {
    const Tactic* t = k.tactic(id);
    out.push_back((t != nullptr ? t->name : "?") + " (" + id + ")");
  }
  return join(out, ", ");
}

std::string maturity_text(const Knowledge& k, const Technique& t) {
  std::vector<std::string> studies;
  studies.reserve(t.steps.size());
  for (const StudyStep& s : t.steps) studies.push_back(s.study);
  for (const auto& id : t.children)
    if (const Technique* child = k.technique(id))
      for (const StudyStep& s : child->steps) studies.push_back(s.study);
  std::ranges::sort(studies);
  studies.erase(std::unique(studies.begin(), studies.end()), studies.end());
  auto incidents = std::ranges::count_if(studies, [&](const std::string& id) {
    const CaseStudy* c = k.case_study(id);
    return c != nullptr && c->type == "incident";
  });
  auto exercises = static_cast<std::ptrdiff_t>(studies.size()) - incidents;
  auto counted = [](std::ptrdiff_t n, const char* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
  };
  return t.maturity + ": " + counted(incidents, "incident") + " and " +
         counted(exercises, "exercise") + " on public record" +
         (t.children.empty() ? "" : ", sub-techniques included");
}

std::string phases_text(const Knowledge& k, const Classification& c) {
  std::vector<std::string> out;
  for (const auto& p : c.phases) {
    std::vector<std::string> stages;
    for (const SurveyItem& s : k.stages)
      if (s.under == p && std::ranges::find(c.stages, s.id) != c.stages.end())
        stages.push_back(s.id);
    out.push_back(p + " (" + join(stages, ", ") + ")");
  }
  return join(out, ", ");
}

std::string category_text(const Knowledge& k, const Classification& c) {
  std::string out = c.category;
  if (const SurveyItem* item = k.category(c.category)) {
    if (item->under != item->id) out = item->under + "/" + out;
    out += item->basis == "ours" ? " (our extension of the survey)" : "";
  }
  if (!c.theme.empty()) out += ", theme " + c.theme;
  if (!c.secondary.empty()) out += "; also " + c.secondary;
  return out;
}

std::string attacker_text(const Knowledge& k, const Technique& t) {
  std::vector<std::string> who;
  for (const Attacker& a : k.attackers)
    if (k.within_reach(a, t)) who.push_back(a.id);
  std::string out = t.ours.knowledge == "none" ? "no knowledge" : t.ours.knowledge + " knowledge";
  out += " of the model; position " + t.ours.access;
  auto position = std::ranges::find(k.positions, t.ours.access, &SurveyItem::id);
  if (position != k.positions.end()) out += " (" + position->line + ")";
  return out + "; within reach of " + (who.empty() ? "none of the profiles" : join(who, ", "));
}

std::string technique_page(const Knowledge& k, const Technique& t) {
  std::string out = titled(t.id, t.display, t.line);
  out += heading("Facts of ATLAS " + k.version);
  out += field("Tactics", names_of_tactics(k, t.tactics));
  out += field("Maturity", maturity_text(k, t));
  out += field("ATT&CK", t.attack);
  out += field("Since", t.since);
  if (const Technique* p = k.technique(t.parent)) out += field("Part of", p->id + " " + p->name);
  for (std::size_t i = 0; i < t.children.size(); ++i)
    if (const Technique* c = k.technique(t.children[i]))
      out += field(i == 0 ? "Includes" : "", c->id + " " + c->name + " (" + c->maturity + ")");

  if (t.ours.category == "unclassified") {
    out += heading("Parapet's classification: none, this technique is newer than the program");
  } else {
    out += heading("Parapet's classification");
    out += field("Category", category_text(k, t.ours));
    out += field("Phases", phases_text(k, t.ours));
    out += field("Needs", attacker_text(k, t));
    out += field("Assessed by", join(t.ours.assess, ", then ") + "; " + t.ours.locus +
                                    ", evidence " + t.ours.evidence);
    out += "  Shows it\n" + wrapped(t.ours.looks_for, 4);
    out += "  Guards it\n" + wrapped(t.ours.guarded_by, 4);
  }

  out += heading("Mitigations");
  for (const auto& id : t.mitigations)
    if (const Mitigation* m = k.mitigation(id)) out += entry(m->id, m->name, m->line, 9);
  if (t.mitigations.empty()) {
    out += "  ATLAS has none for it.";
    if (const Technique* p = k.technique(t.parent); p != nullptr && !p->mitigations.empty())
      out += " Those of " + p->id + ": " + join(p->mitigations, ", ") + ".";
    out += '\n';
  }
  for (const auto& id : t.ours.families)
    if (const Family* f = k.family(id)) out += entry(f->id + " (ours)", f->name, f->line, 9);

  out += heading("Case studies");
  for (const StudyStep& s : t.steps)
    if (const CaseStudy* c = k.case_study(s.study))
      out +=
          entry(c->id + " step " + std::to_string(s.number), c->name, c->type + ", " + c->date, 18);
  if (t.steps.empty()) out += "  none of its own\n";
  return out;
}

std::string technique_row(const Technique& t, std::size_t indent, bool short_id) {
  std::string id = short_id ? "  " + t.id.substr(t.id.rfind('.')) : t.id;
  std::string name = short_id ? t.name : t.display;
  std::string out = std::string(indent, ' ') + mark(t.maturity) + " " + padded(id, 13) + "  " +
                    padded(name, 52) + "  " + t.ours.category;
  return out + '\n';
}

std::string tactic_section(const Knowledge& k, const Tactic& tactic) {
  std::string out;
  for (const Technique& t : k.techniques)
    if (std::ranges::find(t.tactics, tactic.id) != t.tactics.end())
      out += technique_row(t, 2, t.is_sub());
  return out;
}

std::string tactic_page(const Knowledge& k, const Tactic& t) {
  return titled(t.id, t.name, t.line) +
         field("ATT&CK", t.attack.empty() ? "none: this tactic is ATLAS's own" : t.attack) +
         heading("Techniques") + tactic_section(k, t);
}

std::string mitigation_page(const Knowledge& k, const Mitigation& m) {
  std::string out = titled(m.id, m.name, m.line);
  out += heading("Facts of ATLAS " + k.version);
  out += field("Type", m.type);
  out += field("Lifecycle", join(m.lifecycle, ", "));
  out += field("ATT&CK", m.attack);
  out += heading("Parapet's classification");
  if (const Family* f = k.family(m.family))
    out += field("Family", f->id + " " + f->name + ": " + f->line);
  out += field("Phases", join(m.phases, ", "));
  out += heading("Answers");
  for (const Technique& t : k.techniques)
    if (std::ranges::find(t.mitigations, m.id) != t.mitigations.end())
      out += technique_row(t, 2, false);
  return out;
}

std::string case_study_page(const Knowledge& k, const CaseStudy& c) {
  std::string out = titled(c.id, c.name, c.line);
  out += field("Type", c.type) + field("Date", c.date);
  out += heading("Steps");
  for (std::size_t i = 0; i < c.steps.size(); ++i) {
    const Tactic* tactic = k.tactic(c.steps[i].tactic);
    const Technique* t = k.technique(c.steps[i].technique);
    std::string number = std::to_string(i + 1);
    out += std::string(4 - std::min<std::size_t>(4, number.size()), ' ') + number + "  " +
           padded(tactic != nullptr ? tactic->name : "?", 20) + "  ";
    if (t == nullptr) {
      out += "(not defined in the file)\n";
      continue;
    }
    out += padded(t->id, 13) + "  " + t->display +
           (t->mitigations.empty() ? "  [no ATLAS mitigation]" : "") + '\n';
  }
  return out;
}

std::string notes_text(const Knowledge& k) {
  if (k.notes.empty()) return {};
  std::string out = "\nRepaired on load\n";
  for (const auto& n : k.notes) out += "  - " + wrapped(n, 4).substr(4);
  return out;
}

std::string counts(const Release& r) {
  const Knowledge& k = r.knowledge;
  std::string out = "ATLAS " + k.version +
                    (r.sha256.empty() ? " (built in)" : " (file " + r.sha256.substr(0, 12) + ")");
  return out + ": " + std::to_string(k.tactics.size()) + " tactics, " +
         std::to_string(k.techniques.size()) + " techniques, " +
         std::to_string(k.mitigations.size()) + " mitigations, " +
         std::to_string(k.case_studies.size()) + " case studies\n";
}

}  // namespace

std::string matrix_text(const Release& r) {
  std::string out = counts(r);
  out +=
      "R seen in an incident, D shown in an exercise, F feasible: public cases counted, not "
      "likelihood.\n"
      "The last column is Parapet's category.\n";
  for (const Tactic& t : r.knowledge.tactics)
    out += heading(t.id + "  " + t.name) + tactic_section(r.knowledge, t);
  return out + notes_text(r.knowledge);
}

std::string object_text(const Knowledge& k, std::string_view id) {
  if (const Technique* t = k.technique(id)) return technique_page(k, *t);
  if (const Mitigation* m = k.mitigation(id)) return mitigation_page(k, *m);
  if (const CaseStudy* c = k.case_study(id)) return case_study_page(k, *c);
  if (const Tactic* t = k.tactic(id)) return tactic_page(k, *t);
  return {};
}

std::string hits_text(const Knowledge&, const Hits& hits, std::string_view question) {
  if (hits.empty())
    return "Nothing in this release mentions \"" + printable(question, 60) + "\".\n";
  std::string out;
  if (!hits.tactics.empty()) out += "Tactics\n";
  for (const Tactic* t : hits.tactics) out += entry(t->id, t->name, t->line, 13);
  if (!hits.techniques.empty()) out += (out.empty() ? "" : "\n") + std::string("Techniques\n");
  for (const Technique* t : hits.techniques) out += entry(t->id, t->display, t->line, 13);
  if (!hits.mitigations.empty()) out += (out.empty() ? "" : "\n") + std::string("Mitigations\n");
  for (const Mitigation* m : hits.mitigations) out += entry(m->id, m->name, m->line, 13);
  if (!hits.case_studies.empty()) out += (out.empty() ? "" : "\n") + std::string("Case studies\n");
  for (const CaseStudy* c : hits.case_studies) out += entry(c->id, c->name, c->line, 13);
  return out;
}

std::string changes_text(const Knowledge& before, const Release& after,
                         const std::vector<AtlasChange>& changes) {
  std::string out = "From ATLAS " + before.version + " to " + counts(after).substr(6);
  if (changes.empty()) out += "No id, name, tactic, mitigation, maturity or case study differs.\n";
  auto section = [&](std::string_view what, std::string_view title, auto say) {
    bool any = false;
    for (const AtlasChange& c : changes) {
      if (c.what != what) continue;
      if (!any) out += heading(title);
      any = true;
      out += entry(c.id, c.name + say(c), "", 13);
    }
  };
  auto nothing = [](const AtlasChange&) { return std::string(); };
  auto arrow = [](const AtlasChange& c) {
    return ": " + (c.before.empty() ? "none" : c.before) + " -> " +
           (c.after.empty() ? "none" : c.after);
  };
  auto plus_minus = [](const AtlasChange& c) {
    return ":" + (c.before.empty() ? "" : " without " + c.before) +
           (c.after.empty() ? "" : " with " + c.after);
  };
  section("added", "Added", nothing);
  section("removed", "Removed", nothing);
  section("renamed", "Renamed", [](const AtlasChange& c) { return " (was: " + c.before + ")"; });
  section("parent", "Moved", arrow);
  section("tactics", "Tactics changed", plus_minus);
  section("maturity", "Maturity changed", arrow);
  section("mitigations", "Mitigations changed", plus_minus);
  section("type", "Type changed", arrow);
  section("steps", "Steps of case studies changed",
          [](const AtlasChange& c) { return ": " + c.before + " -> " + c.after; });
  return out + notes_text(after.knowledge);
}

}  // namespace parapet::atlas
