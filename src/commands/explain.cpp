// parapet explain: a rule in full, or which rules look at a kind of fact or name a technique.
#include <cstdio>

#include "base/text.h"
#include "commands/command.h"
#include "commands/support/armoury.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {
    {"rules", 0, "DIR", "a folder of your own rules, repeatable"},
};

constexpr std::string_view details =
    "ID is a rule, a technique or a kind of fact:\n"
    "  parapet explain insecure-accounts/mlflow_open\n"
    "  parapet explain AML.T0055          the rules that show it (parapet atlas AML.T0055 tells "
    "what it is)\n"
    "  parapet explain service            the rules that look at services";

void paragraph(const char* name, const std::string& text) {
  if (!text.empty()) std::printf("\n%s\n  %s\n", name, replace_all(text, "\n", "\n  ").c_str());
}

void print_rule(const RuleCard& c) {
  std::printf("%s\n%s\n\n", c.title.c_str(), std::string(c.title.size(), '-').c_str());
  std::printf(
      "  rule        %s (%s)\n  severity    %s, confidence %s\n  category    %s\n  phase       "
      "%s\n",
      c.id.c_str(), c.maturity.c_str(), std::string(to_text(c.severity)).c_str(),
      std::string(to_text(c.confidence)).c_str(), c.category.c_str(), join(c.phases, ", ").c_str());
  std::printf("  techniques  %s\n", join(c.techniques, " ").c_str());
  if (!c.mitigations.empty()) std::printf("  mitigations %s\n", join(c.mitigations, " ").c_str());
  if (!c.cwe.empty()) std::printf("  weakness    %s\n", join(c.cwe, " ").c_str());
  std::printf("  looks at    facts of kind %s\n", c.on.c_str());
  paragraph("Why", c.why);
  paragraph("Fix", c.fix);
  paragraph("See", join(c.references, "\n"));
}

bool concerns(const RuleCard& c, const std::string& what) {
  if (c.on == what || c.category == what) return true;
  for (const auto* list : {&c.techniques, &c.mitigations, &c.cwe, &c.phases})
    for (const auto& id : *list)
      if (id == what) return true;
  return false;
}

Result<int> run(const Arguments& a) {
  if (a.positional.size() != 1)
    return Fail(Error{"explain", "name one rule, technique or kind of fact"});
  const std::string& what = a.positional[0];
  OwnedArmoury armoury = TRY(make_armoury(a));
  std::vector<const RuleCard*> found;
  for (const Rule& r : armoury.rules.rules()) {
    if (r.card.id == what) return print_rule(r.card), 0;
    if (concerns(r.card, what) || contains(r.card.id, what)) found.push_back(&r.card);
  }
  if (found.empty())
    return Fail(
        Error{"explain " + what, "nothing of that name; see: parapet rules list, parapet atlas"});
  if (found.size() == 1) return print_rule(*found[0]), 0;
  for (const RuleCard* c : found)
    std::printf("%-9s %s\n          %s\n", std::string(to_text(c->severity)).c_str(), c->id.c_str(),
                c->title.c_str());
  std::printf("\n%zu rules concern %s; parapet explain RULE tells more\n", found.size(),
              what.c_str());
  return 0;
}

}  // namespace

extern const Command explain{
    "explain", "a rule in full, or the rules of a technique", "ID", details, options, run};

}  // namespace parapet::commands
