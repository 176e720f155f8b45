#pragma once
// How a report calls what lies in a target folder.
#include <string>

namespace parapet {

// "models" -> "models/"; "." and paths that climb or are absolute show only what is inside or the
// last part, so that no report holds an absolute path.
std::string shown_as(const std::string& target);

}  // namespace parapet
