#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// A list of the lines that say something: '#' comments and empty lines left out, a backslash at the
// end goes on with the next line. The document's syntax is "lines".
Parsed parse_lines(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
