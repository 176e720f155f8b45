#include "reports/shared/summary.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/text.h"

namespace parapet::reports {

Counts count(const std::vector<Finding>& findings) {
  Counts out;
  for (const auto& f : findings) out.add(f.severity);
  return out;
}

TechniqueCounts count_techniques(const Scan& scan) {
  std::map<std::string_view, Coverage::State> best;  // the states are declared most telling first
  for (const auto& c : scan.coverage) {
    auto [at, fresh] = best.emplace(c.technique, c.state);
    if (!fresh) at->second = std::min(at->second, c.state);
  }
  TechniqueCounts out;
  for (const auto& [technique, state] : best) {
    switch (state) {
      case Coverage::State::exposed:
        ++out.exposed;
        break;
      case Coverage::State::guarded:
        ++out.guarded;
        break;
      case Coverage::State::not_seen:
        ++out.not_seen;
        break;
      case Coverage::State::not_assessable:
        ++out.not_assessable;
        break;
    }
  }
  return out;
}

std::string_view name_of(const std::vector<NamedId>& list, std::string_view id) {
  for (const auto& n : list)
    if (n.id == id) return n.name;
  return id;
}

std::map<std::string_view, const TechniqueCard*> technique_cards(const Scan& scan) {
  std::map<std::string_view, const TechniqueCard*> out;
  for (const auto& t : scan.techniques) out.emplace(t.id, &t);
  return out;
}

std::vector<std::string> mitigations_of(
    const RuleCard& rule, const std::map<std::string_view, const TechniqueCard*>& cards) {
  if (!rule.mitigations.empty()) return rule.mitigations;
  std::set<std::string> all;
  for (const auto& t : rule.techniques)
    if (auto card = cards.find(t); card != cards.end())
      all.insert(card->second->mitigations.begin(), card->second->mitigations.end());
  return {all.begin(), all.end()};
}

std::string place_text(std::string_view artifact, const Place& place, std::size_t limit) {
  std::string out = printable(artifact, limit);
  if (place.line != 0) {
    out += ':' + std::to_string(place.line);
    if (place.column != 0) out += ':' + std::to_string(place.column);
  } else if (place.length != 0 || place.offset != 0) {
    out += " @" + std::to_string(place.offset);
  }
  return out;
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string out;
  for (char c : trim(text)) {
    bool space = is_space(c);
    if (!space || out.empty() || out.back() != ' ') out += space ? ' ' : c;
  }
  return printable(out, limit);
}

std::string target_text(std::string_view target) {
  if (!target.starts_with('/')) return std::string(target);
  while (target.size() > 1 && target.ends_with('/')) target.remove_suffix(1);
  return std::string(file_name(target));
}

std::string with_commas(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

std::string counted(std::uint64_t n, std::string_view what) {
  std::string out = with_commas(n) + ' ' + std::string(what);
  if (n != 1) out += 's';
  return out;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  constexpr std::array<const char*, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < units.size()) value /= 1000, ++unit;
  char out[32];
  std::snprintf(out, sizeof out, "%.1f %s", value, units[unit]);
  return out;
}

std::string list_text(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

std::string verdict(const Scan& scan) {
  auto counts = count(scan.findings);
  if (counts.total == 0) return "No rule matched in what was read.";
  std::vector<std::string> parts;
  for (auto s : most_severe_first)
    if (counts[s] != 0) parts.push_back(with_commas(counts[s]) + ' ' + std::string(to_text(s)));
  return list_text(parts) + (counts.total == 1 ? " finding." : " findings.");
}

std::string basis(const Scan& scan) {
  std::string out = counted(scan.stats.artifacts, "artifact") + " (" + size_text(scan.stats.bytes) +
                    ") looked at with " + counted(scan.rules.size(), "rule");
  if (scan.stats.partly != 0) out += "; " + with_commas(scan.stats.partly) + " read only in part";
  if (scan.stats.not_scanned != 0) out += "; " + with_commas(scan.stats.not_scanned) + " not read";
  auto techniques = count_techniques(scan);
  if (techniques.not_assessable != 0)
    out += "; " + with_commas(techniques.not_assessable) + " of " +
           counted(techniques.total(), "technique") + " cannot be judged from what was given";
  return out + '.';
}

}  // namespace parapet::reports
