#pragma once
// What several reports say in the same words: names, places, counts, the closing sentence.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/scan.h"

namespace parapet::reports {

inline constexpr std::array<Severity, 5> most_severe_first{
    Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info};

struct Counts {
  std::array<std::uint64_t, 5> of{};  // by Severity
  std::uint64_t total = 0;

  void add(Severity s) { ++of[static_cast<std::size_t>(s)], ++total; }
  std::uint64_t operator[](Severity s) const { return of[static_cast<std::size_t>(s)]; }
};
Counts count(const std::vector<Finding>& findings);

// Techniques by the most telling state of their phases: exposed before guarded before not seen
// before not assessable.
struct TechniqueCounts {
  std::uint64_t exposed = 0, guarded = 0, not_seen = 0, not_assessable = 0;
  std::uint64_t total() const { return exposed + guarded + not_seen + not_assessable; }
};
TechniqueCounts count_techniques(const Scan& scan);

// The display name of an id; the id itself when the list does not have it.
std::string_view name_of(const std::vector<NamedId>& list, std::string_view id);
// Technique id -> its card.
std::map<std::string_view, const TechniqueCard*> technique_cards(const Scan& scan);

// The rule's own mitigations; where it names none, those that ATLAS has for its techniques.
std::vector<std::string> mitigations_of(
    const RuleCard& rule, const std::map<std::string_view, const TechniqueCard*>& cards);

// "dir/a.yaml:7:3" or "b.pkl @142"; control characters made visible.
std::string place_text(std::string_view artifact, const Place& place, std::size_t limit = 200);

// Running text from a rule or a file on one line, control characters made visible.
std::string one_line(std::string_view text, std::size_t limit);
// A target as the user named it, but never an absolute path: "/srv/estate" is "estate".
std::string target_text(std::string_view target);

std::string with_commas(std::uint64_t n);                      // 1,234
std::string counted(std::uint64_t n, std::string_view what);   // "1 file", "2 files"
std::string size_text(std::uint64_t bytes);                    // "4.2 MB"
std::string list_text(const std::vector<std::string>& parts);  // "a, b and c"

// One sentence on the findings, and one on what they rest on. They never say that anything is well:
// a scan that finds nothing says what was looked at and what was not.
std::string verdict(const Scan& scan);
std::string basis(const Scan& scan);

}  // namespace parapet::reports
