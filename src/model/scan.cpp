#include "model/scan.h"

#include <algorithm>

namespace parapet {

std::string_view to_text(ScannedArtifact::Status s) {
  switch (s) {
    case ScannedArtifact::Status::scanned:
      return "scanned";
    case ScannedArtifact::Status::partly:
      return "partly";
    case ScannedArtifact::Status::not_scanned:
      return "not-scanned";
  }
  return "";
}

std::string_view to_text(Coverage::State s) {
  switch (s) {
    case Coverage::State::exposed:
      return "exposed";
    case Coverage::State::guarded:
      return "guarded";
    case Coverage::State::not_seen:
      return "not-seen";
    case Coverage::State::not_assessable:
      return "not-assessable";
  }
  return "";
}

const RuleCard* Scan::rule(std::string_view id) const {
  auto at = std::lower_bound(rules.begin(), rules.end(), id,
                             [](const RuleCard& r, std::string_view i) { return r.id < i; });
  return at != rules.end() && at->id == id ? &*at : nullptr;
}

}  // namespace parapet
