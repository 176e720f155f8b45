#pragma once
// Reads an ATLAS.yaml of any release, official or made to the same shape:
//   id, name, version, matrices: [{id, name, tactics, techniques, mitigations}], case-studies
// https://github.com/mitre-atlas/atlas-data (dist/ATLAS.yaml)
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/knowledge.h"

namespace parapet {

// The facts of `text` with our classification laid over them by id; techniques that we have not
// classified say "unclassified". What the file gets wrong is put right where its meaning is plain,
// else left out, and Knowledge::notes says which. Several matrices and other id prefixes than
// "AML." are fine. Fails when the text is not YAML to its end or holds no matrix.
Result<Knowledge> load_atlas_file(std::string_view text);

// One difference between two releases.
struct AtlasChange {
  std::string what;  // added, removed, renamed, parent, tactics, maturity, mitigations, type, steps
  std::string id, name;  // the name as in the newer one; as in the older one when removed
  std::string before,
      after;  // of tactics and mitigations only the ids gone and the ids come; of steps how many
};
std::vector<AtlasChange> differences(const Knowledge& before, const Knowledge& after);

}  // namespace parapet
