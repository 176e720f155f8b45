#pragma once
// What a person acts on, and the rule that found it.
#include <cstdint>
#include <string>
#include <vector>

#include "base/text.h"
#include "model/fact.h"

namespace parapet {

enum class Severity : std::uint8_t { info, low, medium, high, critical };
enum class Confidence : std::uint8_t { low, medium, high };
std::string_view to_text(Severity);
std::string_view to_text(Confidence);
// False when `text` is none of the names.
bool from_text(std::string_view text, Severity& out);
bool from_text(std::string_view text, Confidence& out);

// The texts of a rule that reports show. The rule's logic lives in rules/.
struct RuleCard {
  std::string id;  // "insecure-accounts/mlflow_open": the path, for ever
  std::string title, why, fix;
  std::string category;             // the survey's: first part of the id
  std::vector<std::string> phases;  // design-setup, development-evaluation, operations
  std::vector<std::string> techniques, mitigations, cwe, references;
  Severity severity = Severity::medium;
  Confidence confidence = Confidence::medium;
  std::string maturity = "stable";
  std::string on;  // the kind of fact it looks at
};

// Another place that belongs to the same finding.
struct Related {
  std::string artifact;
  Place place;
  std::string says;
  std::string id = {};  // of the finding that this place would be alone; empty: it would be none
};

// Why a finding is accepted, not acted on.
struct Suppression {
  std::string by;  // "comment", "file" or "baseline"; empty: it is not suppressed
  std::string reason, until;
  std::string place;  // of what accepts it, as "allow.yaml, line 3"
};

struct Finding {
  std::string id;  // fingerprint that survives line moves: 16 hex digits
  // Of a finding that stands for many places the fingerprint of this one; empty: the same as `id`.
  std::string place_id;
  std::string rule;  // RuleCard::id
  std::string title;
  std::string message;  // what was seen, one sentence
  Severity severity = Severity::medium;
  Confidence confidence = Confidence::medium;
  std::string severity_why;  // what raised or lowered it; empty when nothing did
  std::string artifact;
  Place place;
  std::string evidence;  // redacted, printable
  std::vector<Related> related;
  // How the artifact came to be there, a sentence each: "first in commit 1a2b3c of 2024-05-01".
  // Empty for files as they lie there.
  std::vector<std::string> origin;
  // Of a credential: equal for equal secrets of one scan, 0 for all else. Never in a report, since
  // a short secret could be guessed from it.
  std::uint64_t secret = 0;
  Suppression suppression;
  // For SARIF, from the artifact's text; both are left empty for binary artifacts.
  TextRegion region;      // LineIndex::region
  std::string line_hash;  // of the line where it starts: base/line_hash.h
};

}  // namespace parapet
