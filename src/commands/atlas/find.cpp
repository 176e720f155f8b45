// From what a person types to objects of a release.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "commands/atlas/pages.h"

namespace parapet::atlas {
namespace {

template <class Do>
void each_object(const Knowledge& k, Do visit) {
  for (const auto& t : k.tactics) visit(t.id, t.name);
  for (const auto& t : k.techniques) visit(t.id, t.display);
  for (const auto& m : k.mitigations) visit(m.id, m.name);
  for (const auto& c : k.case_studies) visit(c.id, c.name);
}

// Edit distance, good for short words only.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

// "aml.t0010.3" -> "t10.3": without prefix and leading zeros, to compare what people type with what
// is there.
std::string bare(std::string_view id) {
  std::string out;
  auto parts = split(id, '.');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bool prefix = std::ranges::none_of(parts[i], is_digit) && i + 1 < parts.size();
    if (prefix) continue;
    if (!out.empty()) out += '.';
    std::size_t at = 0;
    while (at < parts[i].size() && !is_digit(parts[i][at])) out += lower(parts[i][at++]);
    while (at + 1 < parts[i].size() && parts[i][at] == '0') ++at;
    out += parts[i].substr(at);
  }
  return out;
}

bool holds_word(std::string_view text, std::string_view lower_word) {
  return contains(lower(text), lower_word);
}

}  // namespace

Hits search(const Knowledge& k, std::string_view typed) {
  std::string word = lower(typed);
  auto any = [&](std::initializer_list<std::string_view> texts) {
    return std::ranges::any_of(texts, [&](std::string_view t) { return holds_word(t, word); });
  };
  Hits hits;
  for (const Tactic& t : k.tactics)
    if (any({t.id, t.name, t.attack, t.line})) hits.tactics.push_back(&t);
  for (const Technique& t : k.techniques)
    if (any({t.id, t.display, t.attack, t.line, t.ours.theme, t.ours.looks_for, t.ours.guarded_by}))
      hits.techniques.push_back(&t);
  for (const Mitigation& m : k.mitigations)
    if (any({m.id, m.name, m.attack, m.line})) hits.mitigations.push_back(&m);
  for (const CaseStudy& c : k.case_studies)
    if (any({c.id, c.name, c.line})) hits.case_studies.push_back(&c);
  // Where the name itself says it comes first.
  std::ranges::sort(hits.techniques, {}, [&](const Technique* t) {
    return std::pair(!holds_word(t->display, word), std::string_view(t->id));
  });
  return hits;
}

Hits in_category(const Knowledge& k, std::string_view category) {
  Hits hits;
  for (const Technique& t : k.techniques)
    if (t.ours.category == category) hits.techniques.push_back(&t);
  for (const Technique& t : k.techniques)
    if (t.ours.secondary == category) hits.techniques.push_back(&t);
  return hits;
}

std::string resolve(const Knowledge& k, std::string_view typed) {
  std::string exact;
  std::string by_number;
  std::string by_name;
  // "T00100" may be a slip for T0010.0 or T0100: no guess.
  bool plain = std::ranges::all_of(split(typed, '.'), [](std::string_view part) {
    return std::ranges::count_if(part, is_digit) <= 4;
  });
  std::string want = plain ? bare(typed) : "-";
  each_object(k, [&](const std::string& id, const std::string& name) {
    if (exact.empty() && equals_ignoring_case(id, typed)) exact = id;
    if (by_number.empty() && bare(id) == want) by_number = id;
    if (by_name.empty() && equals_ignoring_case(name, typed)) by_name = id;
  });
  // A prefix that was typed has to be the object's: "XYZ.T0010" is not AML.T0010.
  std::string_view prefix = split(typed, '.').front();
  bool has_prefix =
      !prefix.empty() && std::ranges::all_of(prefix, is_alpha) && prefix.size() < typed.size();
  if (has_prefix && !by_number.empty() &&
      !equals_ignoring_case(split(by_number, '.').front(), prefix))
    by_number.clear();
  return !exact.empty() ? exact : !by_number.empty() ? by_number : by_name;
}

std::vector<std::string> suggestions(const Knowledge& k, std::string_view typed) {
  constexpr std::size_t most = 4;
  if (typed.size() > 80) return {};
  std::string want = bare(typed);
  std::string word = lower(typed);
  bool is_id = std::ranges::any_of(typed, is_digit);
  struct Candidate {
    std::size_t cost;
    std::string text;
  };
  std::vector<Candidate> found;
  each_object(k, [&](const std::string& id, const std::string& name) {
    std::size_t cost = 100;
    if (is_id) {
      std::string have = bare(id);
      std::size_t d = distance(want, have);
      if (d <= 1)
        cost = d;
      else if (want.starts_with(have + "."))
        cost = 1;  // a sub-technique that is not there: its parent
    } else if (holds_word(name, word)) {
      cost = 1;
    } else if (word.size() > 3) {
      for (std::string_view part : split(name, ' '))
        if (part.size() > 3) cost = std::min(cost, 1 + distance(word, lower(part)));
      if (cost > 3) cost = 100;
    }
    if (cost < 100) found.push_back({cost, id + " " + name});
  });
  std::ranges::sort(found, {},
                    [](const Candidate& c) { return std::pair(c.cost, std::string_view(c.text)); });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(most, found.size()); ++i)
    out.push_back(std::move(found[i].text));
  return out;
}

}  // namespace parapet::atlas
