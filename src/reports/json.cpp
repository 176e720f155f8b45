// JSON for programs: everything that a scan found and did not find. The contract is
// docs/schema/report-1.schema.json; a field may be added within version 1, never changed or
// removed.
#include "base/json.h"

#include <set>

#include "reports/report.h"
#include "reports/shared/summary.h"

namespace parapet::reports {
namespace {

void write_place(JsonWriter& w, const Place& p) {
  w.key("place").begin_object();
  w.field("offset", p.offset).field("length", p.length);
  w.key("line");
  p.line != 0 ? w.value(p.line) : w.null();
  w.key("column");
  p.line != 0 && p.column != 0 ? w.value(p.column) : w.null();
  w.field("pointer", p.pointer);
  w.end_object();
}

using Cards = std::map<std::string_view, const TechniqueCard*>;

void write_finding(JsonWriter& w, const Scan& scan, const Cards& cards, const Finding& f) {
  const RuleCard none;
  const auto* found = scan.rule(f.rule);
  const RuleCard& rule = found != nullptr ? *found : none;
  w.begin_object();
  w.field("id", f.id).field("rule", f.rule).field("title", f.title).field("message", f.message);
  w.field("severity", to_text(f.severity)).field("severity_why", f.severity_why);
  w.field("confidence", to_text(f.confidence)).field("artifact", f.artifact);
  write_place(w, f.place);
  w.field("evidence", f.evidence).strings("origin", f.origin);
  w.strings("techniques", rule.techniques);
  w.key("phase");
  rule.phases.empty() ? w.null() : w.value(rule.phases.front());
  w.strings("phases", rule.phases);
  w.field("category", found != nullptr ? std::string_view(rule.category)
                                       : std::string_view(f.rule).substr(0, f.rule.find('/')));
  w.strings("cwe", rule.cwe).strings("mitigations", mitigations_of(rule, cards));
  w.key("related").begin_array();
  for (const auto& r : f.related) {
    w.begin_object().field("artifact", r.artifact);
    write_place(w, r.place);
    w.field("says", r.says);
    if (!r.id.empty()) w.field("id", r.id);
    w.end_object();
  }
  w.end_array();
  if (!f.place_id.empty()) w.field("place_id", f.place_id);
  if (!f.suppression.by.empty()) {
    w.key("suppression").begin_object().field("by", f.suppression.by);
    w.field("reason", f.suppression.reason).field("until", f.suppression.until);
    w.field("place", f.suppression.place).end_object();
  }
  w.end_object();
}

void write_findings(JsonWriter& w, std::string_view name, const Scan& scan,
                    const std::vector<Finding>& findings) {
  w.key(name).begin_array();
  auto cards = technique_cards(scan);
  for (const auto& f : findings) write_finding(w, scan, cards, f);
  w.end_array();
}

void write_stats(JsonWriter& w, const Scan& scan) {
  const auto& s = scan.stats;
  w.key("stats").begin_object();
  w.field("artifacts", s.artifacts)
      .field("roots", s.roots)
      .field("bytes", s.bytes)
      .field("unpacked_bytes", s.unpacked_bytes);
  w.field("facts", s.facts).field("rules", std::uint64_t{scan.rules.size()});
  w.field("partly", s.partly).field("not_scanned", s.not_scanned);
  auto counts = count(scan.findings);
  w.key("findings").begin_object();
  for (auto severity : most_severe_first) w.field(to_text(severity), counts[severity]);
  w.end_object();
  w.field("suppressed", std::uint64_t{scan.suppressed.size()});
  auto t = count_techniques(scan);
  w.key("techniques").begin_object();
  w.field("exposed", t.exposed)
      .field("guarded", t.guarded)
      .field("not-seen", t.not_seen)
      .field("not-assessable", t.not_assessable);
  w.end_object().end_object();
}

void write_artifacts(JsonWriter& w, const Scan& scan) {
  w.key("artifacts").begin_array();
  for (const auto& a : scan.artifacts) {
    w.begin_object()
        .field("path", a.path)
        .strings("kinds", a.kinds)
        .field("size", a.size)
        .key("sha256");
    a.sha256.empty() ? w.null() : w.value(a.sha256);
    w.field("status", to_text(a.status)).field("why", a.why).end_object();
  }
  w.end_array();
}

// Only the rules that found something: their texts are needed to act.
void write_rules(JsonWriter& w, const Scan& scan) {
  std::set<std::string_view> used;
  for (const auto& f : scan.findings) used.insert(f.rule);
  for (const auto& f : scan.suppressed) used.insert(f.rule);
  w.key("rules").begin_array();
  for (const auto& r : scan.rules) {
    if (!used.contains(r.id)) continue;
    w.begin_object().field("id", r.id).field("title", r.title).field("category", r.category);
    w.field("severity", to_text(r.severity))
        .field("confidence", to_text(r.confidence))
        .field("maturity", r.maturity);
    w.field("why", r.why).field("fix", r.fix).strings("references", r.references).end_object();
  }
  w.end_array();
}

void write_coverage(JsonWriter& w, const Scan& scan) {
  w.key("coverage").begin_array();
  for (const auto& c : scan.coverage) {
    w.begin_object()
        .field("technique", c.technique)
        .field("name", c.name)
        .field("tactic", c.tactic);
    w.field("phase", c.phase).field("state", to_text(c.state)).field("why", c.why);
    w.strings("findings", c.findings).strings("controls", c.controls).end_object();
  }
  w.end_array();
}

std::string write(const Scan& scan, const ReportOptions& options) {
  JsonWriter w;
  w.begin_object().field("schema_version", 1);
  w.key("tool").begin_object().field("name", "parapet").field("version", scan.tool_version);
  w.field("atlas_version", scan.atlas_version).end_object();
  if (!options.timestamp.empty()) w.field("generated", options.timestamp);
  w.key("targets").begin_array();
  for (const auto& t : scan.targets) w.value(target_text(t));
  w.end_array();
  write_stats(w, scan);
  write_artifacts(w, scan);
  write_findings(w, "findings", scan, scan.findings);
  write_rules(w, scan);
  write_coverage(w, scan);
  for (auto name : {"assets", "attackers", "paths"}) w.key(name).begin_array().end_array();
  w.key("cut").null();
  write_findings(w, "suppressed", scan, scan.suppressed);
  w.strings("notes", scan.notes).end_object();
  return w.take();
}

}  // namespace

extern const Report json{"json", "for programs, described by docs/schema/report-1.schema.json",
                         "json", write};

}  // namespace parapet::reports
