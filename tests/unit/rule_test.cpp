// The rule language: what fires, what stays unknown, and what a broken rule says.
#include "rules/rule.h"

#include <doctest/doctest.h>

using namespace parapet;

namespace {

Result<Rule> rule_with(const std::string& rest, const std::string& severity = "high") {
  return read_rule("insecure-accounts/x", "title: t\nseverity: " + severity +
                                              "\nwhy: because\nfix: mend\nor: no\n" + rest);
}

std::string base(const std::string& rest) {
  return "title: t\nseverity: high\nwhy: because\nfix: mend\natlas: [AML.T0049]\nphase: "
         "operations\non: process\n" +
         rest;
}

struct Case {
  Facts facts;
  std::vector<std::string> kinds;
  std::string role;

  bool fires(const std::string& rest, Severity* severity = nullptr) const {
    auto rule = read_rule("insecure-accounts/x", base(rest));
    REQUIRE_MESSAGE(rule.has_value(), (rule ? "" : rule.error().what + ": " + rule.error().cause));
    Finding f;
    FactView view{facts, facts.size() - 1, "deploy/compose.yaml", role, kinds};
    bool fired = evaluate(*rule, view, f);
    if (severity != nullptr) *severity = f.severity;
    return fired;
  }
};

Case process() {
  Case c;
  Fact container{"container", {}, {}, "c"};
  container.set("user", "root").set("mount", "/a:/b").set("mount", "/var/run/docker.sock:/s");
  Fact p{"process", {}, {}, "mlflow server"};
  p.set("program", "mlflow")
      .set("flags.host", "0.0.0.0")
      .set("flags.port", "${PORT}", false)
      .set("reach", "network");
  p.set("version", "2.5.1").set("count", "7");
  p.of = 0;
  c.facts = {container, p};
  return c;
}

}  // namespace

TEST_CASE("tests of conditions") {
  Case c = process();
  CHECK(c.fires("where: {program: mlflow}"));
  CHECK(c.fires("where: {program: [x, mlflow]}"));
  CHECK_FALSE(c.fires("where: {program: ray}"));
  CHECK(c.fires("where: {flags.host: {regex: '^0\\.'}}"));
  CHECK(c.fires("where: {flags.app-name: {not: [basic-auth]}}"));
  CHECK(c.fires("where: {flags.app-name: {exists: false}}"));
  CHECK(c.fires("where: {reach: {at-least: cluster}}"));
  CHECK_FALSE(c.fires("where: {reach: {at-least: public}}"));
  CHECK(c.fires("where: {reach: {below: public}}"));
  CHECK(c.fires("where: {version: {version-below: '2.6', version-from: '2.5'}}"));
  CHECK_FALSE(c.fires("where: {version: {version-below: '2.5'}}"));
  CHECK(c.fires("where: {count: {more-than: 5, less-than: 8}}"));
  CHECK(c.fires("where: {path: {glob: 'deploy/**'}, file: compose.yaml}"));
  CHECK(c.fires("where: {any: [{program: ray}, {program: mlflow}], not: {flags.host: 127.0.0.1}}"));
  CHECK(c.fires("where: [{program: ray}, {program: mlflow}]"));
}

TEST_CASE("the facts that a fact belongs to") {
  Case c = process();
  CHECK(c.fires("where: {container.user: root}"));
  CHECK(c.fires("where: {container.mount: {contains: docker.sock}}"));
  CHECK_FALSE(c.fires("where: {workload.user: root}"));
}

TEST_CASE("an unsettled value neither fires nor silences") {
  Case c = process();
  CHECK_FALSE(c.fires("where: {flags.port: '5000'}"));
  CHECK_FALSE(c.fires("where: {flags.port: {not: ['5000']}}"));
  CHECK(c.fires("where: {flags.port: {exists: true}}"));
  CHECK(c.fires("where: {program: mlflow}\nunless: {flags.port: '5000'}"));
  CHECK_FALSE(c.fires("where: {program: mlflow}\nunless: {flags.host: '0.0.0.0'}"));
}

TEST_CASE("severity follows context") {
  Case c = process();
  Severity s{};
  CHECK(c.fires("where: {program: mlflow}\nraise: {critical: {reach: {at-least: network}}}", &s));
  CHECK(s == Severity::critical);
  CHECK(c.fires("where: {program: mlflow}\nlower: {low: {reach: network}}", &s));
  CHECK(s == Severity::low);
  c.role = "example";
  CHECK(c.fires("where: {program: mlflow}", &s));
  CHECK(s == Severity::medium);
  CHECK(c.fires("where: {program: mlflow}\nlower: {info: {role: test}}", &s));
  CHECK(s == Severity::high);
}

TEST_CASE("messages take attributes") {
  auto rule = read_rule("insecure-accounts/x", base("where: {program: mlflow}\nmessage: '{program} "
                                                    "as {container.user} on {flags.host}{none}'"));
  REQUIRE(rule.has_value());
  Case c = process();
  Finding f;
  CHECK(evaluate(*rule, {c.facts, 1, "p", "", c.kinds}, f));
  CHECK(f.message == "mlflow as root on 0.0.0.0");
}

TEST_CASE("broken rules say where") {
  CHECK(rule_with("on: process").error().cause == "no field is called 'or'");
  auto error = [](const std::string& rest) {
    auto r = read_rule("insecure-accounts/x", base(rest));
    REQUIRE_FALSE(r.has_value());
    return r.error().what + ": " + r.error().cause;
  };
  CHECK(error("where: {program: {regx: a}}") ==
        "rule insecure-accounts/x, line 8: no test is called 'regx'");
  CHECK(error("where: {program: {regex: '('}}").find("does not compile") != std::string::npos);
  CHECK(error("where: {reach: {at-least: far}}").find("is on no scale") != std::string::npos);
  CHECK(error("where: [").find("line") != std::string::npos);
  CHECK(error("raise: {huge: {a: b}}").find("no severity is called 'huge'") != std::string::npos);
}
