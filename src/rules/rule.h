#pragma once
// A rule is data: a condition on one fact that makes a finding. rules/CATEGORY/NAME/rule.yaml:
//
//   title: MLflow tracking server accepts anyone who can reach it    (required)
//   severity: high           critical high medium low info           (required)
//   confidence: high         high medium low; default medium
//   maturity: stable         sandbox stable deprecated; only stable rules run by default
//   message: "{program} on {host}"    {attribute} of the fact; {says}, the default: its own words
//   why: |                   what an attacker gains                  (required)
//   fix: |                   what to do, as commands or lines        (required)
//   atlas: [AML.T0012, AML.T0049]                                    (required)
//   phase: operations        one or a list of the survey's three     (required)
//   mitigations: [AML.M0019]
//   cwe: [306]
//   references: [https://…]
//   on: process              the kind of fact, docs/facts.md         (required)
//   where: CONDITIONS        all must hold
//   unless: CONDITIONS       no finding where these hold
//   raise: {critical: CONDITIONS}     a higher severity where these hold
//   lower: {medium: CONDITIONS}       a lower one; raise wins over lower
//   aggregate: estate        or artifact: one finding with places instead of many
//   key: [name, value]       attributes that tell two findings of one artifact apart; default: all
//
// CONDITIONS is a map from an attribute to a test, or a list of such maps of which one must hold.
// The special keys all, any, not hold further CONDITIONS. An attribute may stand several times in a
// fact; a test holds when one value passes. `owner-kind.attribute` looks at the facts that this one
// belongs to. In `'cameras.*.path'` each * stands for any text: the attributes of all such names.
// Tests:
//   text                     equal
//   [a, b]                   equal to one of them
//   {not: TEST}              no value passes
//   {exists: true}           or false
//   {regex: '…'}             PCRE2, anywhere
//   {contains: text}         also prefix, suffix, glob (glob: for path)
//   {at-least: cluster}      also below: on the scale of reach, or of severity
//   {more-than: 5}           also less-than: numbers
//   {version-below: '2.6'}   also version-from; both may stand together
// A value that the file does not settle (Attribute::known is false) makes a test unknown; a rule
// fires only where its conditions certainly hold, and an unknown `unless` does not silence.
//
// Severity falls one step by itself where the artifact's role is example, test or docs, unless the
// rule names `role` in a condition. A bare `severity: info` never falls.
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/document.h"
#include "model/fact.h"
#include "model/finding.h"
#include "syntax/parsed.h"

namespace parapet {

struct Condition;  // condition.h
using Conditions = std::shared_ptr<const Condition>;

struct Rule {
  RuleCard card;
  std::string message;  // template; empty: the fact's `says`
  Conditions where, unless;
  struct Shift {
    Severity to;
    Conditions when;
  };
  std::vector<Shift> raise, lower;
  enum class Aggregate : std::uint8_t { no, artifact, estate } aggregate = Aggregate::no;
  std::vector<std::string> key;
  bool names_role = false;
  std::vector<std::string> attributes;  // all that its conditions and its message ask for
};

// The facts of one artifact as conditions see them.
struct FactView {
  const Facts& facts;
  std::size_t index;
  std::string_view path, role;
  const std::vector<std::string>& kinds;
  // Attributes that joins may still set or change: tests on them are unknown.
  std::span<const std::string_view> pending = {};
  const Fact& fact() const { return facts[index]; }
};

// Reads one rule.yaml. `id` is "category/name". The error says line and what was expected.
Result<Rule> read_rule(std::string_view id, std::string_view yaml);
Result<Rule> read_rule(std::string_view id, const Parsed& yaml);

// A rule and the finding that it makes of a fact; nothing when it does not fire. `artifact`, places
// of the finding and its fingerprint are filled in by the caller.
bool evaluate(const Rule&, const FactView&, Finding& out);

// Could the rule fire once the pending attributes of the fact are known?
bool may_fire(const Rule&, const FactView&);

// Does a condition or the message of the rule ask for one of these attributes?
bool asks_for(const Rule&, std::span<const std::string_view> attributes);

// Rules indexed by the kind of fact they look at. Sorted by id; later folders replace earlier ids.
class RuleSet {
 public:
  Result<int> add(std::string_view id, std::string_view yaml);
  Result<int> add(Rule rule);
  // Every */*/rule.yaml under `folder`.
  Result<int> add_folder(const std::string& folder);
  Result<int> add_embedded();
  void finish(bool with_sandbox);
  void keep_only(const std::vector<std::string>& ids);

  const std::vector<Rule>& rules() const { return rules_; }
  // The rules that may fire on a fact, in their order: those on its kind, but for the ones that ask
  // for another plain value of an attribute than it has. `pending` as in FactView. Replaces `out`.
  void candidates(const Fact&, std::span<const std::string_view> pending,
                  std::vector<std::uint32_t>& out) const;

 private:
  // Rules that need `attribute` to equal one of some values.
  struct Guard {
    std::string attribute;
    std::vector<std::uint32_t> rules;  // all of them
    std::unordered_map<std::string, std::vector<std::uint32_t>> by_value;
  };
  struct OnKind {
    std::string kind;
    std::vector<std::uint32_t> unguarded;
    std::vector<Guard> guards;
  };
  void index(std::uint32_t rule);

  std::vector<Rule> rules_;
  std::vector<OnKind> by_kind_;
};

// What is wrong with a rule although it can be read: texts missing or too long, unknown technique
// ids, a kind of fact or attribute that docs/facts.md does not list, cases missing.
struct LintProblem {
  std::string rule, problem;
};
std::vector<LintProblem> lint(const Rule&, const std::string& folder);

}  // namespace parapet
