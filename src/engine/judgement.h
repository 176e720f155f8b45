#pragma once
// Rules that ask for what joins say are judged when all files were read.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/allowances.h"
#include "joins/join.h"
#include "model/estate.h"
#include "model/finding.h"
#include "rules/rule.h"

namespace parapet {

// A fact and a rule that may fire on it, with what the artifact had to say while it was there.
struct Awaiting {
  OpenFact fact;
  std::uint32_t rule = 0;  // index in the rule set
  std::string inside;      // the artifact's path in the target
  std::string_view role;
  std::vector<std::string> kinds;
  Finding seed;  // id, artifact, origin, region and evidence of the finding that it may become
  std::optional<Allowance> comment;
  std::shared_ptr<const std::vector<std::string>> secrets;  // of the artifact: never to be shown
};

// The attributes that joins set on facts of a kind.
std::vector<std::string_view> joined_attributes(std::string_view kind);

// Does any join read it?
bool is_read_by_joins(const Fact&);

// The fact with those that it belongs to.
Facts with_owners(const Facts&, std::size_t index);

// Replaces in what is shown of the findings every secret of their artifact.
void hide(const std::vector<std::string>& secrets, Finding&);

// Runs all joins over `estate` and the awaiting facts, then evaluates their rules.
std::vector<Finding> judge_joined(std::vector<KeptFact>& kept, std::vector<Awaiting> awaiting,
                                  const RuleSet&, const Accepted&, std::set<std::string>& notes);

}  // namespace parapet
