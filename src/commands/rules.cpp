// parapet rules: list, lint, test and scaffold rules.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "base/text.h"
#include "commands/command.h"
#include "commands/support/armoury.h"
#include "engine/osv_database.h"
#include "engine/rule_cases.h"
#include "knowledge/credential_kinds.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {
    {"format", 'f', "NAME", "text or json (list)", "text"},
    {"rules", 0, "DIR",
     "folder of rules; list: added to ours; test and lint: looked at instead of ./rules"},
    {"only", 0, "RULE", "only this rule, repeatable"},
    {"sandbox", 0, "", "also rules that are still on trial"},
};

constexpr std::string_view details =
    "ACTION is one of\n"
    "  list           the rules in use, with severity, phase and techniques\n"
    "  test           every file under bad/ must fire its rule, none under good/ may\n"
    "  lint           texts, ids, fact kinds and cases are complete\n"
    "  new CATEGORY/NAME    a rule folder to fill in, under ./rules or --rules DIR\n\n"
    "docs/adding.md walks through writing one.";

std::string folder_of(const Arguments& a) { return a.has("rules") ? a.get("rules") : "rules"; }

Result<int> list(const Arguments& a) {
  OwnedArmoury armoury = TRY(make_armoury(a));
  if (a.get("format") == "json") {
    JsonWriter w;
    w.begin_array();
    for (const Rule& r : armoury.rules.rules()) {
      const RuleCard& c = r.card;
      w.begin_object().field("id", c.id).field("title", c.title).field("category", c.category);
      w.field("severity", to_text(c.severity))
          .field("confidence", to_text(c.confidence))
          .field("maturity", c.maturity);
      w.strings("phases", c.phases)
          .strings("techniques", c.techniques)
          .strings("mitigations", c.mitigations);
      w.strings("cwe", c.cwe).field("on", c.on).end_object();
    }
    std::fputs(w.end_array().take().c_str(), stdout);
    return 0;
  }
  std::string category;
  for (const Rule& r : armoury.rules.rules()) {
    if (r.card.category != category)
      std::printf("%s%s\n", category.empty() ? "" : "\n", r.card.category.c_str());
    category = r.card.category;
    std::printf("  %-8s  %s\n            %s  [%s]\n", std::string(to_text(r.card.severity)).c_str(),
                r.card.title.c_str(), r.card.id.c_str(), join(r.card.techniques, " ").c_str());
  }
  std::printf("\n%zu rules\n", armoury.rules.rules().size());
  return 0;
}

Result<int> lint_all(const Arguments& a) {
  RuleSet rules;
  TRY(rules.add_folder(folder_of(a)));
  rules.finish(true);
  std::size_t problems = 0;
  for (const Rule& r : rules.rules())
    for (const LintProblem& p : lint(r, folder_of(a) + "/" + r.card.id)) {
      std::printf("%s: %s\n", p.rule.c_str(), p.problem.c_str());
      ++problems;
    }
  std::printf("%zu rules, %zu problems\n", rules.rules().size(), problems);
  return problems == 0 ? 0 : 1;
}

Result<int> test_all(const Arguments& a) {
  RuleSet rules;
  TRY(rules.add_folder(folder_of(a)));
  rules.finish(true);
  auto kinds = TRY(load_credential_kinds());
  auto credentials = TRY(CredentialMatcher::make(std::move(kinds)));
  Advisories advisories;
  TRY(add_built_in(advisories));
  std::vector<std::string> only = a.all("only");
  std::size_t cases = 0;
  std::size_t failed = 0;
  for (const Rule& r : rules.rules()) {
    if (!only.empty() && std::find(only.begin(), only.end(), r.card.id) == only.end()) continue;
    RuleCases result = TRY(run_cases(r.card.id, folder_of(a), *credentials, advisories));
    cases += result.cases;
    failed += result.failures.size();
    for (const auto& f : result.failures) std::printf("FAIL %s\n", f.c_str());
  }
  std::printf("%zu passed, %zu failed\n", cases - failed, failed);
  return failed == 0 ? 0 : 1;
}

Result<int> scaffold(const Arguments& a) {
  namespace fs = std::filesystem;
  if (a.positional.size() != 2 || a.positional[1].find('/') == std::string::npos)
    return Fail(Error{"rules new", "give the id: parapet rules new insecure-accounts/my_rule"});
  fs::path folder = fs::path(folder_of(a)) / a.positional[1];
  std::error_code error;
  if (fs::exists(folder, error)) return Fail(Error{"create " + folder.string(), "exists already"});
  fs::create_directories(folder / "bad", error);
  fs::create_directories(folder / "good", error);
  if (error) return Fail(Error{"create " + folder.string(), error.message()});
  std::ofstream(folder / "rule.yaml") << "title: What is wrong, in one line\n"
                                         "severity: high\n"
                                         "why: What an attacker gains from it.\n"
                                         "fix: What to write instead.\n"
                                         "on: process\n"
                                         "where:\n"
                                         "  program: example\n"
                                         "atlas: [AML.T0049]\n"
                                         "phase: operations\n";
  std::printf(
      "%s\nPut a file that must fire into bad/, a near miss into good/, then: parapet rules test "
      "--rules %s\n",
      (folder / "rule.yaml").c_str(), folder_of(a).c_str());
  return 0;
}

Result<int> run(const Arguments& a) {
  std::string action = a.positional.empty() ? "list" : a.positional[0];
  if (action == "list") return list(a);
  if (action == "lint") return lint_all(a);
  if (action == "test") return test_all(a);
  if (action == "new") return scaffold(a);
  return Fail(Error{"rules " + action, "the actions are list, test, lint, new"});
}

}  // namespace

extern const Command rules{
    "rules", "list, test, lint and scaffold rules", "ACTION", details, options, run};

}  // namespace parapet::commands
