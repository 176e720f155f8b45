#pragma once
// What a scan says about each technique in each phase, and how far that goes. It never says that
// anything is safe: the best it can say is what was looked at and what was not found.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "knowledge/knowledge.h"
#include "model/scan.h"

namespace parapet {

// A `control` fact: evidence that something is done right.
struct ControlSeen {
  std::string name;  // as in knowledge/controls.yaml
  std::string artifact;
  Place place;
};

// One entry per technique and phase of it, in the order of Knowledge::techniques and
// Knowledge::phases:
//   exposed         a rule that names the technique found something of severity low or above
//   guarded         nothing found, and a control was seen that stands against it in this phase
//   not-seen        rules for it looked at facts of their kinds and found nothing
//   not-assessable  it happens elsewhere, only people can answer, no rule looks for it, or there
//   was nothing to look at
// A rule counts in its own phases; where these and the technique's have none in common, in all of
// the technique's. `fact_counts`: how many facts of each kind the scan saw.
std::vector<Coverage> cover(const Knowledge& knowledge, const std::vector<RuleCard>& rules,
                            const std::vector<Finding>& findings,
                            const std::map<std::string, std::uint64_t>& fact_counts,
                            const std::vector<ControlSeen>& controls);

// Fills the parts of `scan` that reports draw the matrix from: tactics, techniques, mitigations,
// phases, categories and the ATLAS version. Adds to its notes what was repaired in the ATLAS file,
// and which ids its rules name that this release does not have.
void fill_matrix(const Knowledge& knowledge, Scan& scan);

}  // namespace parapet
