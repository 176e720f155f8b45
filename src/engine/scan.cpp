#include "engine/scan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <thread>

#include "base/hash.h"
#include "base/text.h"
#include "engine/image_layers.h"
#include "engine/root_scan.h"
#include "engine/same_secret.h"

namespace parapet {
namespace {

// `known_clean`: ids of what need not be read again; it is left out.
Result<std::vector<Root>> find_roots(const ScanRequest& request,
                                     std::set<std::string, std::less<>>& known_clean) {
  std::vector<Root> roots;
  const HistoryState* state = request.history_state;
  auto keep = [&](Root&& root) {
    std::string_view inside = std::string_view(root.name).substr(root.inner);
    for (const auto& glob : request.exclude)
      if (glob_matches(glob, inside)) return;
    if (state != nullptr && !root.content_id.empty() && state->clean.contains(root.content_id)) {
      known_clean.insert(root.content_id);
      return;
    }
    roots.push_back(std::move(root));
  };
  for (const auto& target : request.targets) {
    bool read = false;
    for (const Source* s : all_sources()) {
      if (!s->accepts(target, request.sources)) continue;
      TRY(s->walk(target, request.sources, keep));
      read = true;
    }
    if (!read) return Fail(Error{"open " + target, "no source reads this"});
  }
  return roots;
}

// Every worker takes the next root and writes into that root's own slot: no lock, and the order of
// the results does not depend on the number of workers.
std::vector<RootResult> scan_all(const std::vector<Root>& roots, const ScanRequest& request,
                                 const Armoury& armoury, Progress& progress) {
  std::vector<RootResult> results(roots.size());
  std::atomic<std::size_t> next{0};
  auto work = [&] {
    for (std::size_t i = next++; i < roots.size(); i = next++) {
      results[i] = scan_root(roots[i], request, armoury);
      if (!results[i].artifacts.empty()) progress.bytes += results[i].artifacts[0].size;
      ++progress.done;
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 1; i < std::min<std::size_t>(request.jobs, roots.size()); ++i)
    workers.emplace_back(work);
  work();
  workers.clear();
  return results;
}

// "a.bin, b.dat and 3 more"
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i)
    out += (i == 0 ? "" : ", ") + names[i];
  return names.size() <= shown ? out
                               : out + " and " + std::to_string(names.size() - shown) + " more";
}

// Most severe first; then by artifact, place and rule.
bool comes_before(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.artifact != b.artifact) return a.artifact < b.artifact;
  if (a.place.offset != b.place.offset) return a.place.offset < b.place.offset;
  if (a.rule != b.rule) return a.rule < b.rule;
  return a.id < b.id;
}

Related as_related(const Finding& f) { return {f.artifact, f.place, f.message, f.id}; }

// Rules that say `aggregate` make one finding: the most severe place, the others related to it.
std::vector<Finding> aggregate(std::vector<Finding> findings, const RuleSet& rules) {
  std::vector<Finding> out;
  std::map<std::string, std::size_t> first;  // rule, or rule and artifact -> index in out
  for (Finding& f : findings) {
    auto rule =
        std::lower_bound(rules.rules().begin(), rules.rules().end(), f.rule,
                         [](const Rule& r, const std::string& id) { return r.card.id < id; });
    if (rule->aggregate == Rule::Aggregate::no) {
      out.push_back(std::move(f));
      continue;
    }
    std::string key =
        rule->aggregate == Rule::Aggregate::estate ? f.rule : f.rule + '\n' + f.artifact;
    auto [at, is_new] = first.emplace(key, out.size());
    if (is_new) {
      f.place_id = f.id;
      f.id =
          hex16(fnv1a(key));  // the first place may change from scan to scan, the finding does not
      out.push_back(std::move(f));
    } else {
      out[at->second].related.push_back(as_related(f));
    }
  }
  return out;
}

// Moves what is accepted out of `findings`. What the same allowance accepts is joined like all
// else.
std::vector<Finding> take_suppressed(std::vector<Finding>& findings, const RuleSet& rules) {
  using Reason = std::pair<std::string, std::string>;  // where it stands, what it says
  std::map<Reason, std::vector<Finding>> by_reason;
  for (Finding& f : findings)
    if (!f.suppression.by.empty())
      by_reason[{f.suppression.by + f.suppression.place, f.suppression.reason}].push_back(
          std::move(f));
  std::erase_if(findings,
                [](const Finding& f) { return f.rule.empty() || !f.suppression.by.empty(); });
  std::vector<Finding> out;
  for (auto& [reason, accepted] : by_reason)
    for (Finding& f : aggregate(join_same_secrets(std::move(accepted)), rules))
      out.push_back(std::move(f));
  std::sort(out.begin(), out.end(), comes_before);
  return out;
}

// A technique that only accepted findings show is exposed all the same.
std::vector<Coverage> covered(const Armoury& armoury, Scan& scan,
                              const std::map<std::string, std::uint64_t>& fact_counts,
                              const std::vector<ControlSeen>& controls) {
  auto own = static_cast<std::ptrdiff_t>(scan.findings.size());
  std::move(scan.suppressed.begin(), scan.suppressed.end(), std::back_inserter(scan.findings));
  auto out = cover(armoury.knowledge, scan.rules, scan.findings, fact_counts, controls);
  scan.suppressed.assign(std::make_move_iterator(scan.findings.begin() + own),
                         std::make_move_iterator(scan.findings.end()));
  scan.findings.resize(static_cast<std::size_t>(own));
  return out;
}

bool includes_requirements(const Fact& f) {
  return f.kind == "reference" && f.get("what") == "include" && f.get("format") == "requirements";
}

// "a/b/reqs.txt" including "../base.txt" -> "a/base.txt"; empty when it leads out.
std::string beside(std::string_view artifact, std::string_view target) {
  std::vector<std::string> parts;
  for (std::string_view p : split(artifact, '/')) parts.emplace_back(p);
  parts.pop_back();
  for (std::string_view p : split(target, '/')) {
    if (p == "." || p.empty()) continue;
    if (p != "..") {
      parts.emplace_back(p);
    } else {
      if (parts.empty()) return {};
      parts.pop_back();
    }
  }
  return join(parts, "/");
}

// What a requirement file includes and nobody read is a gap in what is known of the dependencies.
void tell_missing_includes(const std::vector<KeptFact>& kept,
                           std::vector<ScannedArtifact>& artifacts) {
  std::map<std::string_view, ScannedArtifact*> by_path;
  for (ScannedArtifact& a : artifacts) by_path.emplace(a.path, &a);
  for (const KeptFact& k : kept) {
    if (!includes_requirements(k.fact)) continue;
    std::string_view target = k.fact.get("target");
    auto from = by_path.find(k.artifact);
    bool there = by_path.contains(beside(k.artifact, target));
    if (there || from == by_path.end()) continue;
    ScannedArtifact& a = *from->second;
    if (a.status == ScannedArtifact::Status::scanned) a.status = ScannedArtifact::Status::partly;
    a.why += (a.why.empty() ? "" : "; ") + std::string("includes ") + printable(target, 120) +
             ", which is not among what was scanned";
  }
}

// Read to the end, and nothing to say of it.
bool is_clean(const RootResult& r) {
  return !r.artifacts.empty() && r.findings.empty() && r.awaiting.empty() && r.kept.empty() &&
         std::all_of(r.artifacts.begin(), r.artifacts.end(), [](const ScannedArtifact& a) {
           return a.status == ScannedArtifact::Status::scanned;
         });
}

// Of a repository's history only what something is to be said of gets a row in the report.
void forget_clean(RootResult& r) {
  if (!r.findings.empty() || !r.awaiting.empty()) return;
  std::erase_if(r.artifacts, [](const ScannedArtifact& a) {
    return a.status == ScannedArtifact::Status::scanned;
  });
}

}  // namespace

Result<Scan> run_scan(const ScanRequest& request, const Armoury& armoury, Progress& progress) {
  // From here on rules, formats and settings do not change.
  std::set<std::string, std::less<>> known_clean;
  std::vector<Root> roots = TRY(find_roots(request, known_clean));
  progress.roots = roots.size();
  std::vector<RootResult> results = scan_all(roots, request, armoury, progress);

  // Beyond this point no artifact is added.
  Scan scan;
  scan.tool_version = PARAPET_VERSION;
  scan.targets = request.targets;
  for (const Rule& rule : armoury.rules.rules()) scan.rules.push_back(rule.card);
  std::vector<Finding> findings;
  std::map<std::string, std::uint64_t> fact_counts;
  std::vector<ControlSeen> controls;
  std::vector<KeptFact> kept;
  std::vector<Awaiting> awaiting;
  std::vector<std::string> unknown;
  std::set<std::string> notes;
  if (!known_clean.empty())
    scan.notes.push_back(std::to_string(known_clean.size()) +
                         " objects of the history held nothing in an earlier scan (" +
                         request.history_state->file + ") and were not read again.");
  for (std::size_t i = 0; i < results.size(); ++i) {
    RootResult& r = results[i];
    if (!roots[i].note.empty()) scan.notes.push_back(roots[i].note);
    notes.merge(r.notes);
    if (!roots[i].content_id.empty() && is_clean(r)) known_clean.insert(roots[i].content_id);
    if (r.artifacts.empty()) continue;
    scan.stats.roots += 1;
    scan.stats.artifacts += r.artifacts.size();
    if (r.unknown_binary) unknown.push_back(r.artifacts[0].path);
    scan.stats.bytes += r.artifacts[0].size;
    scan.stats.unpacked_bytes += r.unpacked_bytes;
    for (const auto& [kind, count] : r.fact_counts) {
      scan.stats.facts += count;
      fact_counts[kind] += count;
    }
    std::move(r.controls.begin(), r.controls.end(), std::back_inserter(controls));
    std::move(r.kept.begin(), r.kept.end(), std::back_inserter(kept));
    std::move(r.awaiting.begin(), r.awaiting.end(), std::back_inserter(awaiting));
    if (!roots[i].listed) forget_clean(r);
    std::move(r.artifacts.begin(), r.artifacts.end(), std::back_inserter(scan.artifacts));
    std::move(r.findings.begin(), r.findings.end(), std::back_inserter(findings));
  }
  if (!unknown.empty())
    scan.notes.push_back(
        "Of no known format, so searched for credentials and signs of an intruder only: " +
        some_of(unknown));
  for (Finding& f : judge_joined(kept, std::move(awaiting), armoury.rules, request.accepted, notes))
    findings.push_back(std::move(f));
  attribute_layers(kept, findings, scan.artifacts);
  tell_missing_includes(kept, scan.artifacts);
  std::sort(findings.begin(), findings.end(), comes_before);
  scan.suppressed = take_suppressed(findings, armoury.rules);
  scan.findings = aggregate(join_same_secrets(std::move(findings)), armoury.rules);
  for (std::string& note : unused(request.accepted, scan.suppressed)) notes.insert(std::move(note));
  scan.notes.insert(scan.notes.end(), notes.begin(), notes.end());
  std::stable_sort(
      scan.artifacts.begin(), scan.artifacts.end(),
      [](const ScannedArtifact& a, const ScannedArtifact& b) { return a.path < b.path; });
  for (const auto& a : scan.artifacts) {
    scan.stats.partly += a.status == ScannedArtifact::Status::partly;
    scan.stats.not_scanned += a.status == ScannedArtifact::Status::not_scanned;
  }
  if (request.history_state != nullptr) request.history_state->clean = std::move(known_clean);
  fill_matrix(armoury.knowledge, scan);
  scan.coverage = covered(armoury, scan, fact_counts, controls);
  return scan;
}

}  // namespace parapet
