// SARIF 2.1.0 for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ with what GitHub
// asks for on top (its limits below). ATLAS and CWE are taxonomies; what could not be read is a
// notification of the run.
#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "reports/report.h"
#include "reports/shared/summary.h"

namespace parapet::reports {
namespace {

// Of GitHub:
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
constexpr std::size_t max_results = 25'000, max_rules = 25'000, max_related = 100, max_tags = 20,
                      max_description = 1024;
constexpr std::size_t max_notifications = 1'000;
constexpr std::string_view root_id = "%SRCROOT%";

std::string_view level_of(Severity s) {
  return s >= Severity::high ? "error" : s == Severity::medium ? "warning" : "note";
}
// The middle of the band that GitHub shows under the same word.
std::string_view score_of(Severity s) {
  switch (s) {
    case Severity::critical:
      return "9.5";
    case Severity::high:
      return "8.0";
    case Severity::medium:
      return "5.5";
    case Severity::low:
      return "2.5";
    case Severity::info:
      return "0.1";
  }
  return "";
}
std::string_view problem_severity_of(Severity s) {
  return s >= Severity::high ? "error" : s == Severity::medium ? "warning" : "recommendation";
}

// Percent-encodes every byte that is not unreserved or '/', so any file name is a relative
// reference (RFC 3986): a ':' cannot become a scheme, a leading '/' cannot make it absolute.
std::string uri_of(std::string_view path) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (char c : path) {
    auto b = static_cast<unsigned char>(c);
    bool plain = is_alpha(c) || is_digit(c) || contains("-._~", std::string_view(&c, 1)) ||
                 (c == '/' && !out.empty());
    if (plain)
      out += c;
    else
      out += '%', out += hex[b >> 4U], out += hex[b & 0xFU];
  }
  return out;
}

// A URI from a rule with every character that RFC 3986 does not allow percent-encoded.
std::string valid_uri(std::string_view uri) {
  std::string out;
  for (char c : uri) {
    bool allowed =
        is_alpha(c) || is_digit(c) || contains("-._~:/?#[]@!$&'()*+,;=%", std::string_view(&c, 1));
    out += allowed ? std::string(1, c) : uri_of(std::string_view(&c, 1));
  }
  return out;
}

// "insecure-accounts/mlflow_open" -> "MlflowOpen"
std::string pascal_case(std::string_view rule) {
  std::string out;
  bool start = true;
  for (char c : file_name(rule)) {
    if (!is_alpha(c) && !is_digit(c)) {
      start = true;
      continue;
    }
    out += start && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    start = false;
  }
  return out;
}

std::string sentence(std::string text) {
  if (text.empty() || (text.back() != '.' && text.back() != '!' && text.back() != '?')) text += '.';
  return text;
}

std::string_view cwe_number(std::string_view cwe) {
  if (cwe.size() > 4 && equals_ignoring_case(cwe.substr(0, 4), "CWE-")) cwe.remove_prefix(4);
  return cwe;
}

class Writer {
 public:
  Writer(const Scan& scan, const ReportOptions& options)
      : scan_(scan), options_(options), cards_(technique_cards(scan)) {
    std::set<std::string> techniques, cwes;
    for (std::size_t i = 0; i < std::min(max_rules, scan.rules.size()); ++i) {
      const auto& r = scan.rules[i];
      rule_index_.emplace(r.id, i);
      techniques.insert(r.techniques.begin(), r.techniques.end());
      for (const auto& c : r.cwe) cwes.emplace(cwe_number(c));
    }
    techniques_.assign(techniques.begin(), techniques.end());
    cwes_.assign(cwes.begin(), cwes.end());
  }

  std::string write() {
    w_.begin_object();
    w_.field("$schema",
             "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
             "sarif-schema-2.1.0.json");
    w_.field("version", "2.1.0").key("runs").begin_array().begin_object();
    tool();
    taxonomies();
    invocation();
    w_.key("automationDetails").begin_object().field("id", "parapet/scan/").end_object();
    w_.key("originalUriBaseIds").begin_object().key(root_id).begin_object();
    text("description", "The folder that the paths of this report start from.");
    w_.end_object().end_object();
    w_.field("columnKind", "unicodeCodePoints");
    results();
    w_.end_object().end_array().end_object();
    return w_.take();
  }

 private:
  void text(std::string_view name, std::string_view value) {
    w_.key(name).begin_object().field("text", value).end_object();
  }

  void taxonomy_reference(std::size_t taxonomy) {
    w_.key("toolComponent").begin_object();
    w_.field("name", taxonomy == 0 ? "MITRE ATLAS" : "CWE")
        .field("index", std::uint64_t{taxonomy})
        .end_object();
  }
  // Calls `each(taxonomy, index, id)` for every taxon of a rule.
  template <class F>
  void for_taxa(const RuleCard& r, F each) {
    auto index_in = [](const std::vector<std::string>& list, std::string_view id) {
      return static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), id) -
                                      list.begin());
    };
    for (const auto& t : r.techniques)
      each(std::size_t{0}, index_in(techniques_, t), std::string_view(t));
    for (const auto& c : r.cwe) each(std::size_t{1}, index_in(cwes_, cwe_number(c)), cwe_number(c));
  }

  void tool() {
    w_.key("tool").begin_object().key("driver").begin_object();
    w_.field("name", "Parapet").field("fullName", "Parapet " + scan_.tool_version);
    w_.field("version", scan_.tool_version).field("semanticVersion", scan_.tool_version);
    w_.field("informationUri", "https://atlas.mitre.org/");  // the vocabulary that it reports in
    text("shortDescription", "Assesses MLOps estates with MITRE ATLAS.");
    w_.key("rules").begin_array();
    for (std::size_t i = 0; i < std::min(max_rules, scan_.rules.size()); ++i) rule(scan_.rules[i]);
    w_.end_array();
    w_.key("notifications").begin_array();
    descriptor("partly-read", "ArtifactPartlyRead", "An artifact was read only in part.");
    descriptor("not-read", "ArtifactNotRead", "An artifact was not read.");
    descriptor("note", "ReaderNote", "Something that the reader of the report must know.");
    descriptor("left-out", "LeftOut",
               "The report holds less than was found, because of the limits of code scanning.");
    w_.end_array();
    w_.key("supportedTaxonomies").begin_array();
    for (std::size_t i = 0; i < 2; ++i)
      w_.begin_object()
          .field("name", i == 0 ? "MITRE ATLAS" : "CWE")
          .field("index", std::uint64_t{i})
          .end_object();
    w_.end_array().end_object().end_object();
  }
  void descriptor(std::string_view id, std::string_view name, std::string_view says) {
    w_.begin_object().field("id", id).field("name", name);
    text("shortDescription", says);
    text("fullDescription", says);
    text("help", says);
    w_.end_object();
  }

  void rule(const RuleCard& r) {
    w_.begin_object().field("id", r.id).field("name", pascal_case(r.id));
    text("shortDescription", sentence(one_line(r.title, max_description - 4)));
    text("fullDescription",
         sentence(one_line(r.why.empty() ? r.title : r.why, max_description - 4)));
    std::string plain = "Why: " + one_line(r.why, 4000) + "\nFix: " + one_line(r.fix, 4000);
    std::string markdown = "**Why.** " + one_line(r.why, 4000) + "\n\n**Fix.** " +
                           one_line(r.fix, 4000) + "\n\n**MITRE ATLAS**\n";
    for (const auto& t : r.techniques) {
      auto card = cards_.find(t);
      std::string name = card == cards_.end() ? "" : ' ' + card->second->name;
      plain += "\nATLAS: " + t + name;
      markdown += "\n- [" + t + "](https://atlas.mitre.org/techniques/" + t + ')' + name;
    }
    w_.key("help")
        .begin_object()
        .field("text", plain)
        .field("markdown", markdown + '\n')
        .end_object();
    for (const auto& url : r.references)
      if (url.starts_with("https://") || url.starts_with("http://")) {
        w_.field("helpUri", valid_uri(url));
        break;
      }
    w_.key("defaultConfiguration").begin_object().field("level", level_of(r.severity)).end_object();
    relationships(r);
    w_.key("properties").begin_object();
    w_.field("security-severity", score_of(r.severity)).field("precision", to_text(r.confidence));
    w_.field("problem.severity", problem_severity_of(r.severity));
    w_.key("tags").begin_array();
    std::vector<std::string> tags{"security", r.category};
    for (const auto& c : r.cwe) tags.push_back("external/cwe/cwe-" + std::string(cwe_number(c)));
    for (const auto& t : r.techniques) tags.push_back("external/atlas/" + t);
    tags.insert(tags.end(), r.phases.begin(), r.phases.end());
    for (std::size_t i = 0; i < std::min(max_tags, tags.size()); ++i) w_.value(tags[i]);
    w_.end_array().end_object().end_object();
  }
  void relationships(const RuleCard& r) {
    if (r.techniques.empty() && r.cwe.empty()) return;
    w_.key("relationships").begin_array();
    for_taxa(r, [&](std::size_t taxonomy, std::size_t index, std::string_view id) {
      w_.begin_object().key("target").begin_object().field("id", id).field("index",
                                                                           std::uint64_t{index});
      taxonomy_reference(taxonomy);
      w_.end_object().key("kinds").begin_array().value("relevant").end_array().end_object();
    });
    w_.end_array();
  }

  void taxonomies() {
    w_.key("taxonomies").begin_array();
    w_.begin_object()
        .field("name", "MITRE ATLAS")
        .field("version", scan_.atlas_version)
        .field("organization", "MITRE");
    w_.field("informationUri", "https://atlas.mitre.org/").field("isComprehensive", false);
    text("shortDescription", "Adversarial Threat Landscape for AI Systems.");
    w_.key("taxa").begin_array();
    for (const auto& id : techniques_) {
      auto card = cards_.find(id);
      std::string name = card == cards_.end() ? id : card->second->name;
      w_.begin_object().field("id", id).field("name", name);
      text("shortDescription", sentence(name));
      w_.field("helpUri", "https://atlas.mitre.org/techniques/" + uri_of(id)).end_object();
    }
    w_.end_array().end_object();
    w_.begin_object().field("name", "CWE").field("organization", "MITRE");
    w_.field("informationUri", "https://cwe.mitre.org/").field("isComprehensive", false);
    text("shortDescription", "Common Weakness Enumeration.");
    w_.key("taxa").begin_array();
    for (const auto& id : cwes_) {
      w_.begin_object().field("id", id);
      text("shortDescription", "CWE-" + id + '.');
      w_.field("helpUri", "https://cwe.mitre.org/data/definitions/" + uri_of(id) + ".html")
          .end_object();
    }
    w_.end_array().end_object().end_array();
  }

  void notification(std::string_view id, std::string_view level, std::string_view says,
                    std::string_view artifact = {}) {
    w_.begin_object()
        .key("descriptor")
        .begin_object()
        .field("id", id)
        .end_object()
        .field("level", level);
    text("message", says);
    if (!artifact.empty()) {
      w_.key("locations").begin_array().begin_object();
      physical_location(artifact, [] {});
      w_.end_object().end_array();
    }
    w_.end_object();
  }
  void invocation() {
    w_.key("invocations").begin_array().begin_object().field("executionSuccessful", true);
    if (!options_.timestamp.empty()) w_.field("endTimeUtc", options_.timestamp);
    w_.key("toolExecutionNotifications").begin_array();
    notification("note", "note", basis(scan_));
    for (const auto& n : scan_.notes) notification("note", "note", sentence(one_line(n, 1000)));
    std::size_t all = scan_.findings.size() + scan_.suppressed.size();
    if (all > max_results)
      notification("left-out", "warning",
                   counted(all - max_results, "result") + " left out: code scanning takes " +
                       with_commas(max_results) + " a run. The JSON report has all.");
    if (scan_.rules.size() > max_rules)
      notification("left-out", "warning",
                   counted(scan_.rules.size() - max_rules, "rule") + " left out.");
    std::size_t unread = 0;
    for (const auto& a : scan_.artifacts) {
      if (a.status == ScannedArtifact::Status::scanned || ++unread > max_notifications) continue;
      bool partly = a.status == ScannedArtifact::Status::partly;
      notification(partly ? "partly-read" : "not-read", partly ? "warning" : "error",
                   '\'' + printable(a.path) +
                       (partly ? "' was read only in part: " : "' was not read: ") +
                       sentence(one_line(a.why, 1000)),
                   a.path);
    }
    if (unread > max_notifications)
      notification(
          "left-out", "warning",
          counted(unread - max_notifications, "more artifact") + " not or only partly read.");
    w_.end_array().end_object().end_array();
  }

  // The file on disk: of "a.zip!/b.pkl" that is a.zip. `region` writes what belongs beside it.
  template <class F>
  void physical_location(std::string_view artifact, F region) {
    w_.key("physicalLocation").begin_object().key("artifactLocation").begin_object();
    w_.field("uri", uri_of(split_once(artifact, "!/").before))
        .field("uriBaseId", root_id)
        .end_object();
    region();
    w_.end_object();
  }
  void logical_location(std::string_view artifact) {
    auto member = split_once(artifact, "!/");
    if (!member.found) return;
    w_.key("logicalLocations").begin_array().begin_object();
    w_.field("name", printable(file_name(member.after)))
        .field("fullyQualifiedName", printable(artifact, 1000));
    w_.field("kind", "member").end_object().end_array();
  }
  void region(std::string_view artifact, const Place& place, const TextRegion& exact) {
    bool nested = split_once(artifact, "!/").found;
    w_.key("region").begin_object();
    if (nested || place.line == 0) {
      // Code scanning wants lines of every file; a binary one has a single line, the first.
      w_.field("startLine", 1).field("startColumn", 1).field("endLine", 1).field("endColumn", 1);
      // Offsets inside a member are not offsets in the file: those are in the properties.
      if (!nested) w_.field("byteOffset", place.offset).field("byteLength", place.length);
    } else if (exact.line != 0) {
      w_.field("startLine", exact.line).field("startColumn", exact.column);
      w_.field("endLine", exact.end_line).field("endColumn", exact.end_column);
    } else {
      w_.field("startLine", place.line)
          .field("startColumn", 1u)
          .field("endLine", place.line)
          .field("endColumn", 1u);
    }
    w_.end_object();
  }
  void location(std::string_view artifact, const Place& place, const TextRegion& exact) {
    physical_location(artifact, [&] { region(artifact, place, exact); });
    logical_location(artifact);
  }

  void results() {
    w_.key("results").begin_array();
    std::size_t written = 0;
    for (const auto& f : scan_.findings)
      if (++written <= max_results) result(f, false);
    for (const auto& f : scan_.suppressed)
      if (++written <= max_results) result(f, true);
    w_.end_array();
  }

  std::string message(const Finding& f) const {
    std::string out = sentence(one_line(f.message.empty() ? f.title : f.message, 1000));
    auto member = split_once(f.artifact, "!/");
    if (member.found) out += " In '" + printable(member.after) + "' inside the file";
    if (f.place.line != 0 && member.found) out += ", line " + std::to_string(f.place.line);
    if (f.place.line == 0)
      out += (member.found ? ", byte " : " At byte ") + std::to_string(f.place.offset);
    if (member.found || f.place.line == 0) out += '.';
    if (!f.origin.empty()) out += " Origin: " + sentence(one_line(join(f.origin, "; "), 400));
    return out;
  }

  void result(const Finding& f, bool suppressed) {
    w_.begin_object().field("ruleId", f.rule);
    auto at = rule_index_.find(f.rule);
    if (at != rule_index_.end()) w_.field("ruleIndex", std::uint64_t{at->second});
    w_.field("level", level_of(f.severity)).field("kind", "fail");
    text("message", message(f));
    w_.key("locations").begin_array().begin_object();
    location(f.artifact, f.place, f.region);
    w_.end_object().end_array();
    if (!f.related.empty()) related(f);
    w_.key("partialFingerprints").begin_object();
    w_.field("primaryLocationLineHash", f.line_hash.empty() ? f.id + ":1" : f.line_hash)
        .field("parapetFinding/v1", f.id);
    w_.end_object();
    const auto* card = scan_.rule(f.rule);
    if (card != nullptr && !(card->techniques.empty() && card->cwe.empty())) taxa(*card);
    // Once one result says whether it is suppressed, all of them have to.
    if (!scan_.suppressed.empty()) {
      w_.key("suppressions").begin_array();
      if (suppressed) {
        const Suppression& s = f.suppression;
        w_.begin_object().field("kind", s.by == "comment" ? "inSource" : "external");
        w_.field("status", "accepted").field("justification", printable(s.reason, 400));
        w_.end_object();
      }
      w_.end_array();
    }
    w_.key("properties").begin_object();
    w_.field("severity", to_text(f.severity)).field("confidence", to_text(f.confidence));
    w_.field("evidence", printable(f.evidence, 1000)).field("artifact", f.artifact);
    w_.field("byteOffset", f.place.offset).field("byteLength", f.place.length);
    if (!f.place.pointer.empty()) w_.field("pointer", f.place.pointer);
    if (!f.severity_why.empty()) w_.field("severityWhy", f.severity_why);
    if (!f.origin.empty()) w_.strings("origin", f.origin);
    w_.end_object().end_object();
  }
  void related(const Finding& f) {
    w_.key("relatedLocations").begin_array();
    std::size_t shown = std::min(max_related, f.related.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& r = f.related[i];
      w_.begin_object().field("id", std::uint64_t{i});
      location(r.artifact, r.place, {});
      std::string says = sentence(one_line(r.says.empty() ? "See also" : r.says, 400));
      if (i + 1 == shown && shown < f.related.size())
        says += ' ' + with_commas(f.related.size() - shown) + " more left out.";
      text("message", says);
      w_.end_object();
    }
    w_.end_array();
  }
  void taxa(const RuleCard& r) {
    w_.key("taxa").begin_array();
    for_taxa(r, [&](std::size_t taxonomy, std::size_t index, std::string_view id) {
      w_.begin_object().field("id", id).field("index", std::uint64_t{index});
      taxonomy_reference(taxonomy);
      w_.end_object();
    });
    w_.end_array();
  }

  const Scan& scan_;
  const ReportOptions& options_;
  std::map<std::string_view, const TechniqueCard*> cards_;
  std::map<std::string_view, std::size_t> rule_index_;
  std::vector<std::string> techniques_, cwes_;  // ids of the taxa, sorted
  JsonWriter w_;
};

std::string write(const Scan& scan, const ReportOptions& options) {
  return Writer(scan, options).write();
}

}  // namespace

extern const Report sarif{"sarif", "SARIF 2.1.0 for code scanning", "sarif", write};

}  // namespace parapet::reports
