// Advisories in the OSV schema, https://ossf.github.io/osv-schema/, as the export of an ecosystem
// holds them: one JSON file each.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/text.h"
#include "base/version.h"
#include "knowledge/advisories.h"
#include "syntax/json.h"

namespace parapet {
namespace {

Severity by_score(double score) {
  return score >= 9   ? Severity::critical
         : score >= 7 ? Severity::high
         : score >= 4 ? Severity::medium
                      : Severity::low;
}

// "AV:N", "AC:L" … of a vector, after its "CVSS:3.1/".
std::map<std::string_view, char> metrics_of(std::string_view vector) {
  std::map<std::string_view, char> out;
  for (std::string_view part : split(vector, '/')) {
    auto halves = split_once(part, ":");
    if (halves.found && halves.after.size() == 1) out[halves.before] = halves.after[0];
  }
  return out;
}

// A vector of version 4 has no formula but a table of 270 rows; its shape tells the class well
// enough: reachable without rights and a full loss is the worst.
Severity by_shape_of_4(std::string_view vector) {
  auto m = metrics_of(vector);
  auto full = std::count_if(m.begin(), m.end(), [](const auto& x) {
    return (x.first == "VC" || x.first == "VI" || x.first == "VA") && x.second == 'H';
  });
  bool open = m["AV"] == 'N' && m["AC"] == 'L' && m["PR"] == 'N' && m["UI"] == 'N';
  if (full >= 2 && open) return Severity::critical;
  if (full >= 1) return Severity::high;
  return Severity::medium;
}

bool by_name(std::string_view name, Severity& out) {
  std::string word = lower(name);
  if (word == "moderate") word = "medium";
  return from_text(word, out);
}

// The database's own word, or else the worst vector; medium where nothing is said.
Severity severity_of(const Node& root, const Node& affected) {
  Severity out = Severity::medium;
  if (by_name(affected.text_at("database_specific.severity"), out)) return out;
  if (by_name(root.text_at("database_specific.severity"), out)) return out;
  bool said = false;
  for (const Node* of : {affected.at("severity"), root.at("severity")}) {
    if (of == nullptr || said) continue;
    for (const Node& s : of->items) {
      std::string_view score = s.text_at("score");
      double three = cvss3_score(score);
      bool four = score.starts_with("CVSS:4");
      if (three < 0 && !four) continue;
      Severity now = four ? by_shape_of_4(score) : by_score(three);
      out = said ? std::max(out, now) : now;
      said = true;
    }
  }
  return out;
}

std::string normalised(std::string_view ecosystem, std::string_view name) {
  return ecosystem == "PyPI" ? normalised_package(name) : std::string(name);
}

// Events are in the order of versions: an introduced opens a range, a fixed or last_affected ends
// it.
void read_events(const Node& events, Advisory& a) {
  Advisory::Range open;
  bool is_open = false;
  auto close = [&] {
    if (is_open) a.ranges.push_back(open);
    open = {};
    is_open = false;
  };
  for (const Node& e : events.items) {
    if (const Node* n = e.at("introduced")) {
      close();
      open.introduced = n->text == "0" ? "" : n->text;
      is_open = true;
    } else if (const Node* f = e.at("fixed")) {
      open.fixed = f->text;
      close();
    } else if (const Node* l = e.at("last_affected")) {
      open.last_affected = l->text;
      close();
    }
  }
  close();
}

void read_names(const Node& root, Advisory& a) {
  a.id = root.text_at("id");
  a.malicious = a.id.starts_with("MAL-");
  const Node* aliases = root.at("aliases");
  if (aliases == nullptr) return;
  for (const Node& alias : aliases->items) a.aliases.push_back(alias.text);
  auto cve = std::find_if(a.aliases.begin(), a.aliases.end(),
                          [](const std::string& s) { return s.starts_with("CVE-"); });
  if (cve != a.aliases.end()) std::swap(*cve, a.id);
}

}  // namespace

double cvss3_score(std::string_view vector) {
  if (!vector.starts_with("CVSS:3")) return -1;
  auto m = metrics_of(vector);
  auto weight = [&](std::string_view metric, std::string_view letters,
                    std::initializer_list<double> weights) {
    auto at = letters.find(m[metric]);
    return at == std::string_view::npos || m[metric] == 0 ? -1.0 : weights.begin()[at];
  };
  bool changed = m["S"] == 'C';
  double av = weight("AV", "NALP", {0.85, 0.62, 0.55, 0.2});
  double ac = weight("AC", "LH", {0.77, 0.44});
  double pr =
      changed ? weight("PR", "NLH", {0.85, 0.68, 0.5}) : weight("PR", "NLH", {0.85, 0.62, 0.27});
  double ui = weight("UI", "NR", {0.85, 0.62});
  double c = weight("C", "HLN", {0.56, 0.22, 0});
  double i = weight("I", "HLN", {0.56, 0.22, 0});
  double a = weight("A", "HLN", {0.56, 0.22, 0});
  for (double w : {av, ac, pr, ui, c, i, a})
    if (w < 0) return -1;
  double base = 1 - (1 - c) * (1 - i) * (1 - a);
  double impact = changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  if (impact <= 0) return 0;
  double sum = impact + 8.22 * av * ac * pr * ui;
  double score = std::min(changed ? 1.08 * sum : sum, 10.0);
  return std::ceil(std::round(score * 100000) / 10000) / 10;  // one decimal, upwards
}

Result<std::vector<PackageAdvisories>> read_osv(std::string_view json) {
  Parsed parsed = parse_json(json);
  if (!parsed.ok()) return Fail(Error{"read the advisory", parsed.problem});
  if (parsed.documents.size() != 1 || parsed.documents[0].root.text_at("id").empty())
    return Fail(Error{"read the advisory", "is not an OSV entry: it has no id"});
  const Node& root = parsed.documents[0].root;
  std::vector<PackageAdvisories> out;
  const Node* affected = root.at("affected");
  if (affected == nullptr || root.at("withdrawn") != nullptr) return out;
  for (const Node& one : affected->items) {
    PackageAdvisories p;
    p.ecosystem = one.text_at("package.ecosystem");
    p.package = normalised(p.ecosystem, one.text_at("package.name"));
    if ((p.ecosystem != "PyPI" && p.ecosystem != "npm") || p.package.empty()) continue;
    Advisory a;
    read_names(root, a);
    a.source = "osv";
    a.severity = a.malicious ? Severity::critical : severity_of(root, one);
    if (const Node* ranges = one.at("ranges"); ranges != nullptr)
      for (const Node& r : ranges->items)
        if (const Node* events = r.at("events"); events != nullptr && r.text_at("type") != "GIT")
          read_events(*events, a);
    // Beside ranges the list repeats them, and only makes the index large.
    if (const Node* versions = one.at("versions"); versions != nullptr && a.ranges.empty())
      for (const Node& v : versions->items) a.versions.push_back(v.text);
    if (a.ranges.empty() && a.versions.empty()) continue;
    p.advisories.push_back(std::move(a));
    out.push_back(std::move(p));
  }
  return out;
}

}  // namespace parapet
