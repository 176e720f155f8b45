#pragma once
// Bytes and texts inside a pickle that are more than data: other pickles (plain or as base64),
// archives, executables.
#include "formats/pickle/machine.h"
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::pickle {

void look_into_constants(const Artifact&, Sink&, const Reading&);
// The anomaly "executable" for each program found in `bytes`, which start at `base`; true for any.
bool look_for_executables(Sink&, Bytes bytes, std::uint64_t base);

}  // namespace parapet::pickle
