#pragma once
// What every format of one compressed stream does: unpack it, scan what comes out, say what is
// wrong.
#include "formats/archive/entry.h"
#include "io/inflate.h"

namespace parapet::archive {

// `what` is the format's name.
void read_stream_format(const Artifact& a, Codec codec, std::string_view what, Sink& sink);

}  // namespace parapet::archive
