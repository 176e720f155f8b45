// What is wrong with a rule although it can be read.
#include <filesystem>

#include "base/text.h"
#include "model/fact_kinds.h"
#include "rules/condition.h"
#include "rules/rule.h"

namespace parapet {
namespace {

constexpr std::string_view categories[] = {
    "preparation",        "unsecured-credentials",   "insecure-accounts", "physical-access",
    "social-engineering", "pipeline-infrastructure", "data-integrity",    "model-integrity",
    "deployment-runtime", "network-exploitation"};
constexpr std::string_view phases[] = {"design-setup", "development-evaluation", "operations"};

template <class List>
bool one_of(const List& list, std::string_view s) {
  for (std::string_view x : list)
    if (x == s) return true;
  return false;
}

bool is_technique(std::string_view id) {
  if (!id.starts_with("AML.T") || (id.size() != 9 && id.size() != 13)) return false;
  for (std::size_t i = 5; i < id.size(); ++i)
    if (i == 9 ? id[i] != '.' : !is_digit(id[i])) return false;
  return true;
}

bool has_entries(const std::string& folder) {
  std::error_code error;
  return std::filesystem::directory_iterator(folder, error) !=
             std::filesystem::directory_iterator() &&
         !error;
}

}  // namespace

std::vector<LintProblem> lint(const Rule& rule, const std::string& folder) {
  std::vector<LintProblem> out;
  const RuleCard& c = rule.card;
  auto say = [&](std::string problem) { out.push_back({c.id, std::move(problem)}); };
  if (!one_of(categories, c.category)) say("'" + c.category + "' is not a category of the survey");
  for (const auto& p : c.phases)
    if (!one_of(phases, p)) say("'" + p + "' is not a phase");
  for (const auto& t : c.techniques)
    if (!is_technique(t)) say("'" + t + "' is not an ATLAS technique id");
  for (const auto& w : c.cwe)
    if (!to_integer(std::string_view(w).substr(4))) say("'" + w + "' is not a CWE number");
  if (!is_fact_kind(c.on)) say("'" + c.on + "' is no kind of fact (docs/facts.md)");
  if (c.title.size() > 110) say("the title is longer than 110 characters");
  if (c.title.ends_with('.')) say("the title ends with a full stop");
  if (c.why.size() < 40) say("'why' says too little");
  if (c.fix.size() < 20) say("'fix' says too little");
  if (rule.where == nullptr)
    say("there is no 'where': the rule would fire on every fact of its kind");
  if (!one_of(std::initializer_list<std::string_view>{"stable", "sandbox", "deprecated"},
              c.maturity))
    say("'" + c.maturity + "' is no maturity");
  for (const char* side : {"bad", "good"})
    if (!has_entries(folder + "/" + side)) say(std::string("no case in ") + side + "/");
  return out;
}

}  // namespace parapet
