// What the user accepts: the words in comments, and which rules they name.
#include "engine/allowances.h"

#include <doctest/doctest.h>

using namespace parapet;

TEST_CASE("the words of an allowance are found in any comment") {
  struct Row {
    std::string_view line, rules, reason, until;
  };
  for (const Row& row : {
           Row{"x = 1  # parapet: allow mlflow_open behind the proxy", "mlflow_open",
               "behind the proxy", ""},
           {"<!-- parapet: allow a/b,c/d known until 2030-01-02 -->", "a/b c/d", "known",
            "2030-01-02"},
           {"/* parapet: allow a/* valid until the move until 2030-01-02 */", "a/*",
            "valid until the move", "2030-01-02"},
           {"// parapet: allow a/b until 2030-1-2", "a/b", "until 2030-1-2", ""},
           {"# parapet: allow a/b", "a/b", "", ""},
           {"# parapet: allow a/b until 2030-01-02", "a/b", "", "2030-01-02"},
       }) {
    CAPTURE(row.line);
    auto a = allowance_in(row.line);
    REQUIRE(a);
    std::string rules;
    for (const auto& r : a->rules) rules += (rules.empty() ? "" : " ") + r;
    CHECK(rules == row.rules);
    CHECK(a->reason == row.reason);
    CHECK(a->until == row.until);
  }
  CHECK_FALSE(allowance_in("# parapet allow a/b reason"));
  CHECK_FALSE(allowance_in(""));
}

TEST_CASE("an allowance names a rule by its id, the end of it, or a glob") {
  Allowance a;
  a.rules = {"mlflow_open"};
  CHECK(names_rule(a, "insecure-accounts/mlflow_open"));
  CHECK_FALSE(names_rule(a, "insecure-accounts/mlflow_open_too"));
  a.rules = {"insecure-accounts/*"};
  CHECK(names_rule(a, "insecure-accounts/mlflow_open"));
  CHECK_FALSE(names_rule(a, "data-integrity/mlflow_open"));
}

TEST_CASE("only a live allowance with a reason holds, and the rest is told") {
  Finding f;
  f.rule = "a/b";
  f.id = "0123456789abcdef";
  Accepted accepted;
  accepted.today = "2026-11-27";
  auto with = [&](std::string reason, std::string until) {
    Allowance a;
    a.rules = {"a/b"};
    a.reason = std::move(reason);
    a.until = std::move(until);
    return a;
  };
  std::set<std::string> notes;
  Finding copy = f;
  accept(accepted, "x", with("why", "2026-11-27"), copy, notes);
  CHECK(copy.suppression.by == "comment");
  CHECK(notes.empty());
  copy = f;
  accept(accepted, "x", with("why", "2026-11-26"), copy, notes);
  CHECK(copy.suppression.by.empty());
  CHECK(notes.size() == 1);
  copy = f;
  accept(accepted, "x", with("", ""), copy, notes);
  CHECK(copy.suppression.by.empty());
  CHECK(notes.size() == 2);
  accepted.known = {f.id};
  copy = f;
  accept(accepted, "x", std::nullopt, copy, notes);
  CHECK(copy.suppression.by == "baseline");
  accepted.listed = {with("agreed", "")};
  accepted.listed[0].path = "models/**";
  copy = f;
  accept(accepted, "models/a.pkl", std::nullopt, copy, notes);
  CHECK(copy.suppression.by == "file");
}
