#pragma once
// One root artifact and everything found inside it, scanned by one worker.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/judgement.h"
#include "engine/scan.h"
#include "knowledge/coverage.h"

namespace parapet {

struct RootResult {
  std::vector<ScannedArtifact> artifacts;
  std::vector<Finding> findings;
  std::map<std::string, std::uint64_t> fact_counts;  // by kind
  std::vector<ControlSeen> controls;
  std::vector<KeptFact> kept;
  std::vector<Awaiting> awaiting;
  std::set<std::string> notes;  // for the reader of the report
  std::uint64_t unpacked_bytes = 0;
  bool unknown_binary = false;  // the root itself is neither text nor of a known format
};

// Never fails: what could not be opened or read is an artifact with a reason.
RootResult scan_root(const Root&, const ScanRequest&, const Armoury&);

}  // namespace parapet
