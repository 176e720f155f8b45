#pragma once
// Container images after their files were scanned: which layer of which image a finding lies in,
// what made that layer, whether a later one takes the file away again (it stays in the image all
// the same), and which layers are not there. For layouts in archives and in folders alike.
#include <span>
#include <string>
#include <vector>

#include "engine/root_scan.h"
#include "model/scan.h"

namespace parapet {

// Kinds of facts that scan_root keeps for this.
bool tells_of_layers(const Fact&);

// Adds to Finding::origin in `findings`, and a row to `artifacts` for every layer that is missing.
// `facts` are all that were kept, of all roots.
void attribute_layers(std::span<const KeptFact> facts, std::vector<Finding>& findings,
                      std::vector<ScannedArtifact>& artifacts);

}  // namespace parapet
