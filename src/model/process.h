#pragma once
// The `process` fact out of a command line, the same for Dockerfile, Compose, pods, units, CI
// steps, scripts and notebooks.
#include <string_view>

#include "base/shell.h"
#include "model/fact.h"

namespace parapet {

// `line` is the whole command as written; `complete` no is set when a word that is not known may
// hold flags, so that a missing flag proves nothing.
Fact process_fact(const Process& process, std::string_view line, std::string_view via, Place place);

}  // namespace parapet
