#pragma once
// Signs of an intruder or of an open device that any text may hold: reverse shells, miners, hosts
// that collect stolen data, downloads piped into a shell (`code` facts); camera streams (`sensor`);
// preprints and internal hosts named in public documents (`disclosure`).
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet {

void add_indicator_facts(const Artifact&, Sink&);

}  // namespace parapet
