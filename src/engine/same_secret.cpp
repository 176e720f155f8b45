#include "engine/same_secret.h"

#include <map>
#include <utility>

#include "base/text.h"

namespace parapet {

std::vector<Finding> join_same_secrets(std::vector<Finding> findings) {
  using Key = std::pair<std::string_view, std::uint64_t>;
  std::map<Key, std::size_t> keeper;  // index of the finding that stays
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& f = findings[i];
    if (f.secret == 0) continue;
    auto [at, is_new] = keeper.emplace(Key{f.rule, f.secret}, i);
    bool better = !is_new && f.origin.empty() && !findings[at->second].origin.empty() &&
                  f.severity == findings[at->second].severity;
    if (better) at->second = i;
  }
  std::vector<bool> stays(findings.size(), true);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Finding& f = findings[i];
    if (f.secret == 0) continue;
    std::size_t to = keeper.at({f.rule, f.secret});
    if (to == i) continue;
    stays[i] = false;
    std::string says = f.origin.empty() ? f.message : join(f.origin, "; ");
    findings[to].related.push_back({f.artifact, f.place, std::move(says), f.id});
  }
  std::vector<Finding> out;
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (stays[i]) out.push_back(std::move(findings[i]));
  return out;
}

}  // namespace parapet
