#pragma once
// A rule's own examples, run through the whole walk with only that rule.
#include <string>
#include <vector>

#include "base/result.h"
#include "match/advisories.h"
#include "match/credentials.h"

namespace parapet {

struct RuleCases {
  std::size_t cases = 0;
  std::vector<std::string> failures;  // "id: bad/x.yaml does not fire"
};

// Every entry of RULES/ID/bad (a file, or a folder as one case) must fire the rule, none of
// RULES/ID/good may. A *.hex file is assembled first and scanned under its name without ".hex".
Result<RuleCases> run_cases(const std::string& id, const std::string& rules_folder,
                            const CredentialMatcher&, const Advisories&);

}  // namespace parapet
