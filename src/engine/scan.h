#pragma once
// The walk: sources -> artifacts -> formats -> dialects -> rules -> findings -> coverage.
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/allowances.h"
#include "engine/history_state.h"
#include "knowledge/knowledge.h"
#include "match/advisories.h"
#include "match/credentials.h"
#include "model/budget.h"
#include "model/scan.h"
#include "model/sink.h"
#include "rules/rule.h"
#include "sources/source.h"

namespace parapet {

struct ScanRequest {
  std::vector<std::string> targets;
  std::vector<std::string> exclude;  // globs on the path inside the target
  Limits limits;
  SourceOptions sources;
  unsigned jobs = 1;
  // Called with every artifact's facts before they are judged and let go; one worker at a time only
  // with jobs = 1. Null for ordinary scans.
  std::function<void(const Artifact&, const Sink&)> observe;
  Accepted accepted;
  HistoryState* history_state = nullptr;  // read before and filled by the scan; null: none is kept
  bool hash_all = false;  // SHA-256 of every root artifact, not only of those with findings
};

// What a progress line shows; written by the workers.
struct Progress {
  std::atomic<std::uint64_t> roots{0}, done{0}, bytes{0};
};

// Everything a scan reads but does not change.
struct Armoury {
  const RuleSet& rules;
  const Knowledge& knowledge;
  const CredentialMatcher& credentials;
  const Advisories& advisories;
};

// The error is a target that could not be read at all; single artifacts that could not be are in
// the Scan. Same bytes out for any number of jobs.
Result<Scan> run_scan(const ScanRequest&, const Armoury&, Progress&);

}  // namespace parapet
