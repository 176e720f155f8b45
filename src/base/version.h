#pragma once
// Versions of Python packages and the specifiers that choose among them, as PEP 440 has them
// (https://packaging.python.org/en/latest/specifications/version-specifiers/). Versions of other
// worlds (semver, image tags) that fit the form compare as their own worlds would have it.
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parapet {

// Digits without leading zeros, of any length.
struct VersionNumber {
  std::string digits = "0";
  std::strong_ordering operator<=>(const VersionNumber& o) const {
    if (digits.size() != o.digits.size()) return digits.size() <=> o.digits.size();
    return digits.compare(o.digits) <=> 0;
  }
  bool operator==(const VersionNumber&) const = default;
};

struct Version {
  VersionNumber epoch;
  std::vector<VersionNumber> release;
  enum class Phase : std::uint8_t { alpha, beta, candidate };
  struct Pre {
    Phase phase;
    VersionNumber number;
    auto operator<=>(const Pre&) const = default;
  };
  std::optional<Pre> pre;
  std::optional<VersionNumber> post, dev;
  std::vector<std::string> local;  // lower case

  bool is_prerelease() const { return pre || dev; }
};

// Nothing where `text` is no version. Spellings are normalised: "v1.0-RC_1" is 1.0rc1.
std::optional<Version> parse_version(std::string_view text);

// The order of the PEP: dev < a < b < rc < release < post; a local version follows its public one.
std::strong_ordering compare(const Version&, const Version&);
bool is_same(const Version&, const Version&);

// For conditions and where one of them may be no version of the PEP ("2024.1-py3", "b3561"): then
// runs of digits compare by value and what is between them as text. <0, 0, >0.
int compare_versions(std::string_view a, std::string_view b);

// One clause: ">=1.2", "==1.2.*", "~=1.4.2", "===x".
struct VersionClause {
  enum class Operator : std::uint8_t {
    equal,
    not_equal,
    at_least,
    at_most,
    above,
    below,
    compatible,
    arbitrary
  } op = Operator::equal;
  std::string text;  // the version as written, without ".*"
  Version version;   // of all but `arbitrary`
  bool prefix = false;
};

// All clauses must hold. Nothing where a clause cannot be read.
using VersionSpecifier = std::vector<VersionClause>;
std::optional<VersionSpecifier> parse_specifier(std::string_view text);

// The name of a Python package as PEP 503 compares it: lower case, runs of "-", "_" and "." one
// "-".
std::string normalised_package(std::string_view name);

// A range of another world as a specifier: poetry's, npm's and Cargo's "^1.2" and "~1.2", conda's
// "=1.2", npm's "1.x". What is none of these comes back as it was.
std::string as_specifier(std::string_view range);

// Does the specifier let the version through? Pre-releases are judged by their place in the order
// only: whether a tool would choose one is the tool's affair.
bool admits(const VersionSpecifier&, const Version&);

}  // namespace parapet
