// The pages of `parapet atlas` as JSON, for programs.
#include "base/json.h"

#include "commands/atlas/pages.h"

namespace parapet::atlas {
namespace {

void put(JsonWriter& w, const Tactic& t) {
  w.begin_object();
  w.field("id", t.id).field("name", t.name).field("attack", t.attack).field("description", t.line);
  w.end_object();
}

void put(JsonWriter& w, const Knowledge& k, const Technique& t) {
  w.begin_object();
  w.field("id", t.id)
      .field("name", t.name)
      .field("display_name", t.display)
      .field("parent", t.parent);
  w.field("description", t.line)
      .field("maturity", t.maturity)
      .field("attack", t.attack)
      .field("since", t.since);
  w.strings("tactics", t.tactics)
      .strings("children", t.children)
      .strings("mitigations", t.mitigations);
  w.key("case_studies").begin_array();
  for (const StudyStep& s : t.steps) {
    w.begin_object();
    w.field("id", s.study).field("step", s.number).field("tactic", s.tactic);
    w.end_object();
  }
  w.end_array();
  w.key("classification").begin_object();
  const Classification& c = t.ours;
  w.field("category", c.category).field("secondary", c.secondary).field("theme", c.theme);
  w.strings("phases", c.phases).strings("stages", c.stages);
  w.field("locus", c.locus).field("knowledge", c.knowledge).field("access", c.access);
  w.strings("assessed_by", c.assess).field("evidence", c.evidence).strings("families", c.families);
  w.field("looks_for", c.looks_for).field("guarded_by", c.guarded_by);
  std::vector<std::string> who;
  for (const Attacker& a : k.attackers)
    if (c.category != "unclassified" && k.within_reach(a, t)) who.push_back(a.id);
  w.strings("attackers", who);
  w.end_object();
  w.end_object();
}

void put(JsonWriter& w, const Mitigation& m) {
  w.begin_object();
  w.field("id", m.id)
      .field("name", m.name)
      .field("description", m.line)
      .field("type", m.type)
      .field("attack", m.attack);
  w.strings("lifecycle", m.lifecycle).strings("phases", m.phases).field("family", m.family);
  w.strings("techniques", m.techniques);
  w.end_object();
}

void put(JsonWriter& w, const CaseStudy& c) {
  w.begin_object();
  w.field("id", c.id)
      .field("name", c.name)
      .field("description", c.line)
      .field("type", c.type)
      .field("date", c.date);
  w.key("steps").begin_array();
  for (const auto& s : c.steps) {
    w.begin_object();
    w.field("tactic", s.tactic).field("technique", s.technique);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

void put_release(JsonWriter& w, const Release& r) {
  w.field("atlas_version", r.knowledge.version).field("matrix", r.knowledge.matrix);
  w.field("source", r.sha256.empty() ? "built-in" : "file");
  if (!r.sha256.empty()) w.field("sha256", r.sha256);
  w.strings("notes", r.knowledge.notes);
}

}  // namespace

std::string matrix_json(const Release& r) {
  const Knowledge& k = r.knowledge;
  JsonWriter w;
  w.begin_object();
  put_release(w, r);
  w.key("tactics").begin_array();
  for (const Tactic& t : k.tactics) put(w, t);
  w.end_array().key("techniques").begin_array();
  for (const Technique& t : k.techniques) put(w, k, t);
  w.end_array().key("mitigations").begin_array();
  for (const Mitigation& m : k.mitigations) put(w, m);
  w.end_array().key("case_studies").begin_array();
  for (const CaseStudy& c : k.case_studies) put(w, c);
  w.end_array().end_object();
  return w.take();
}

std::string object_json(const Knowledge& k, std::string_view id) {
  JsonWriter w;
  if (const Technique* t = k.technique(id))
    put(w, k, *t);
  else if (const Mitigation* m = k.mitigation(id))
    put(w, *m);
  else if (const CaseStudy* c = k.case_study(id))
    put(w, *c);
  else if (const Tactic* x = k.tactic(id))
    put(w, *x);
  return w.take();
}

std::string hits_json(const Knowledge& k, const Hits& hits) {
  JsonWriter w;
  w.begin_object().key("tactics").begin_array();
  for (const Tactic* t : hits.tactics) put(w, *t);
  w.end_array().key("techniques").begin_array();
  for (const Technique* t : hits.techniques) put(w, k, *t);
  w.end_array().key("mitigations").begin_array();
  for (const Mitigation* m : hits.mitigations) put(w, *m);
  w.end_array().key("case_studies").begin_array();
  for (const CaseStudy* c : hits.case_studies) put(w, *c);
  w.end_array().end_object();
  return w.take();
}

std::string changes_json(const Knowledge& before, const Release& after,
                         const std::vector<AtlasChange>& changes) {
  JsonWriter w;
  w.begin_object();
  w.field("from", before.version).key("to").begin_object();
  put_release(w, after);
  w.end_object().key("changes").begin_array();
  for (const AtlasChange& c : changes) {
    w.begin_object();
    w.field("what", c.what)
        .field("id", c.id)
        .field("name", c.name)
        .field("before", c.before)
        .field("after", c.after);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

}  // namespace parapet::atlas
