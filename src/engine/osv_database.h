#pragma once
// The advisories that a scan compares with: those built in, and an OSV export that the user points
// to.
#include <string>

#include "base/result.h"
#include "match/advisories.h"

namespace parapet {

struct OsvLoaded {
  std::uint64_t files = 0, broken = 0;
  std::string first_problem;  // of a broken file, with its name
};

// `path` is a folder with *.json below it, or a zip of them, as OSV exports an ecosystem. Broken
// entries are counted, not fatal; the error is a path that cannot be read or holds no entry at all.
Result<OsvLoaded> add_osv_export(const std::string& path, Advisories& to);

// The advisories of knowledge/advisories.
Result<int> add_built_in(Advisories& to);

}  // namespace parapet
