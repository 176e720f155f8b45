#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// JSON (RFC 8259) and what editors and tools accept beside it: // and /* */ comments, trailing
// commas, NaN and Infinity, single quotes. Numbers and booleans keep their text, unquoted; only
// null is Type::null. Duplicate keys are noted and kept. Several values after one another (JSON
// lines) become several documents.
Parsed parse_json(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
