#pragma once
// What the user accepts: findings that a comment beside them, a file of allowances or an earlier
// report names. They are marked and reported as suppressed, never deleted, and an allowance ends on
// its day.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/scan.h"

namespace parapet {

struct Allowance {
  std::vector<std::string> rules;  // ids, the last part of an id, or globs over ids
  std::string path;                // glob over the path inside the target; empty: any
  std::string id;                  // of one finding; empty: any
  std::string reason;              // required
  std::string until;               // last day it holds, "2027-01-31"; empty: for ever
  std::string place;               // "allow.yaml, line 3": where it stands, for notes
};

// All that the user handed over before the scan.
struct Accepted {
  std::vector<Allowance> listed;             // --allow FILE
  std::set<std::string, std::less<>> known;  // ids of findings of an earlier report: --baseline
  bool comments = true;                      // obey `parapet: allow` in what is scanned
  std::string today;                         // "2026-11-27"
};

// YAML: `allow:` is a list of {rule | rules, path, id, reason, until}. The error names file and
// line.
Result<std::vector<Allowance>> read_allowances(const std::string& file);

// Ids of the findings of an earlier JSON report, and of each of their places.
Result<std::set<std::string, std::less<>>> read_baseline(const std::string& file);

// `parapet: allow RULE[,RULE…] REASON [until YYYY-MM-DD]` in a line of text, mostly a comment;
// nothing when the line holds no such words.
std::optional<Allowance> allowance_in(std::string_view line);

// Does it name the rule? "mlflow_open" and "insecure-accounts/*" name
// "insecure-accounts/mlflow_open".
bool names_rule(const Allowance&, std::string_view rule);

// Sets f.suppression where something accepts the finding. `inside` is its artifact's path in the
// target, `comment` what was written beside it. Allowances that would fit but for their day or a
// missing reason are told in `notes`.
void accept(const Accepted&, std::string_view inside, const std::optional<Allowance>& comment,
            Finding& f, std::set<std::string>& notes);

// Allowances of the file that no finding needs any more.
std::vector<std::string> unused(const Accepted&, const std::vector<Finding>& suppressed);

}  // namespace parapet
