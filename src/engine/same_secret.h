#pragma once
// One secret in many places is one finding: it is revoked once.
#include <vector>

#include "model/finding.h"

namespace parapet {

// Joins findings of one rule that show the same secret (Finding::secret). The first in the order
// given stays, one of the present before one of a repository's history; the others become its
// related places.
std::vector<Finding> join_same_secrets(std::vector<Finding>);

}  // namespace parapet
