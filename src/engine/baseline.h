#pragma once
// Findings that the user has seen before: marked suppressed, never deleted.
#include <set>
#include <string>

#include "base/result.h"
#include "model/scan.h"

namespace parapet {

struct Baseline {
  std::set<std::string, std::less<>> ids;
};

// The ids of the findings of an earlier JSON report.
Result<Baseline> read_baseline(const std::string& file);

// Moves the findings that the baseline knows to scan.suppressed.
void apply(const Baseline&, Scan&);

}  // namespace parapet
