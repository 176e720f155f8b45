#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// TOML 1.0 (toml.io). Numbers, booleans and dates keep their text, unquoted. Keys given twice are
// noted and kept.
Parsed parse_toml(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
