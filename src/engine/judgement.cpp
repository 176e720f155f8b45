#include "engine/judgement.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace parapet {

std::vector<std::string_view> joined_attributes(std::string_view kind) {
  std::vector<std::string_view> out;  // empty for most kinds, and then it costs nothing
  for (const Join* j : all_joins())
    if (j->kind == kind) out.insert(out.end(), j->sets.begin(), j->sets.end());
  return out;
}

bool is_read_by_joins(const Fact& f) {
  return std::any_of(all_joins().begin(), all_joins().end(),
                     [&](const Join* j) { return j->reads(f); });
}

Facts with_owners(const Facts& facts, std::size_t index) {
  constexpr std::size_t longest_chain = 8;
  Facts out;
  for (std::size_t at = index; out.size() < longest_chain;) {
    out.push_back(facts[at]);
    auto of = facts[at].of;
    if (of < 0 || static_cast<std::size_t>(of) >= facts.size()) break;
    at = static_cast<std::size_t>(of);
  }
  std::reverse(out.begin(), out.end());
  for (std::size_t i = 0; i < out.size(); ++i) out[i].of = static_cast<std::int32_t>(i) - 1;
  return out;
}

void hide(const std::vector<std::string>& secrets, Finding& f) {
  std::vector<std::string*> shown = {&f.message, &f.evidence};
  for (Related& r : f.related) shown.push_back(&r.says);
  for (const std::string& secret : secrets)
    for (std::string* says : shown)
      if (contains(*says, secret)) *says = replace_all(*says, secret, redacted(secret));
}

std::vector<Finding> judge_joined(std::vector<KeptFact>& kept, std::vector<Awaiting> awaiting,
                                  const RuleSet& rules, const Accepted& accepted,
                                  std::set<std::string>& notes) {
  Estate estate;
  estate.kept = std::move(kept);
  for (Awaiting& a : awaiting) estate.open.push_back(std::move(a.fact));
  for (const Join* j : all_joins()) j->join(estate);
  kept = std::move(estate.kept);
  notes.insert(estate.notes.begin(), estate.notes.end());

  std::vector<Finding> out;
  for (std::size_t i = 0; i < awaiting.size(); ++i) {
    Awaiting& a = awaiting[i];
    OpenFact& open = estate.open[i];
    FactView view{open.facts, open.facts.size() - 1, a.inside, a.role, a.kinds, {}};
    Finding f = std::move(a.seed);
    std::string line = std::exchange(f.evidence, {});
    if (!evaluate(rules.rules()[a.rule], view, f)) continue;
    if (f.evidence.empty()) f.evidence = std::move(line);
    f.related.insert(f.related.end(), open.related.begin(), open.related.end());
    if (a.secrets != nullptr) hide(*a.secrets, f);
    accept(accepted, a.inside, a.comment, f, notes);
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace parapet
