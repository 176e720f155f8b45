#pragma once
// The result of a scan: all that reports see.
#include <cstdint>
#include <string>
#include <vector>

#include "model/finding.h"

namespace parapet {

struct ScannedArtifact {
  std::string path;
  std::vector<std::string> kinds;  // formats it turned out to be; empty: none known
  std::uint64_t size = 0;
  std::string sha256;  // of roots with findings up to 16 MiB; of all when asked for
  enum class Status : std::uint8_t { scanned, partly, not_scanned } status = Status::scanned;
  std::string why;  // of partly and not_scanned
};
std::string_view to_text(ScannedArtifact::Status);

// One technique in one phase.
struct Coverage {
  std::string technique, name, tactic;  // id, display name, first tactic's id
  std::string phase;
  enum class State : std::uint8_t {
    exposed,
    guarded,
    not_seen,
    not_assessable
  } state = State::not_assessable;
  std::string why;                    // what was looked for, and in how much
  std::vector<std::string> findings;  // ids
  std::vector<std::string>
      controls;  // evidence of controls seen: "network-policy at k8s/policy.yaml:3"
};
std::string_view to_text(Coverage::State);

struct Stats {
  std::uint64_t artifacts = 0, roots = 0, bytes = 0, unpacked_bytes = 0, facts = 0;
  std::uint64_t partly = 0, not_scanned = 0;
};

// What the matrix in a report shows: facts of ATLAS, tactics in matrix order, all else by id.
struct TechniqueCard {
  std::string id, name, parent, maturity, category;  // name is "Parent: Child" for sub-techniques
  std::vector<std::string> tactics, phases, mitigations;
};
struct NamedId {
  std::string id, name;
};

struct Scan {
  std::string tool_version, atlas_version;
  std::vector<std::string> targets;
  Stats stats;
  std::vector<ScannedArtifact> artifacts;  // by path
  std::vector<Finding> findings;           // most severe first, then by artifact, offset, rule
  std::vector<Finding> suppressed;
  std::vector<RuleCard> rules;  // all rules that ran, by id
  std::vector<Coverage> coverage;
  std::vector<NamedId> tactics, mitigations, phases, categories;
  std::vector<TechniqueCard> techniques;
  std::vector<std::string> notes;  // what the reader must know: limits, repairs of knowledge files

  const RuleCard* rule(std::string_view id) const;
};

}  // namespace parapet
