#pragma once
// What of a repository's history was read in full and held nothing, kept in a file of the user's,
// so that the next scan reads only what is new, and again whatever something is to be said of: a
// report is never short because another came before it.
#include <set>
#include <string>

#include "base/result.h"

namespace parapet {

struct HistoryState {
  std::string file;    // empty: none is kept
  std::string judged;  // digest of the program, rules and kinds that judged: others judge anew
  std::set<std::string, std::less<>> clean;  // Root::content_id
};

// Reads `file` where it is there and was written under the same `judged`; `note` says why not.
HistoryState read_history_state(const std::string& file, std::string judged, std::string& note);

// Replaces the file in one step.
Result<int> write_history_state(const HistoryState&);

}  // namespace parapet
