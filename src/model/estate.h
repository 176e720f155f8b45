#pragma once
// What outlives the artifacts of a scan, so that files can be joined: facts that a join reads, and
// facts that rules judge only after the joins.
#include <string>
#include <vector>

#include "model/fact.h"
#include "model/finding.h"

namespace parapet {

struct KeptFact {
  std::string artifact;
  Fact fact;
};

struct OpenFact {
  std::string artifact;
  Facts facts;  // back(): the fact itself; before it those that it belongs to, as its `of` says
  std::vector<Related> related;  // other places that joins took something from

  Fact& fact() { return facts.back(); }
  const Fact& fact() const { return facts.back(); }
};

// Both by artifact in the order of the scan, and within it in the order of the file.
struct Estate {
  std::vector<KeptFact> kept;
  std::vector<OpenFact> open;
  std::vector<std::string> notes;  // what joins could not do, for the reader of the report
};

}  // namespace parapet
