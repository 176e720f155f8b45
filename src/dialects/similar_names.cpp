// Dependencies whose name is nearly that of a well-known package of the ML world: a typing error
// away, two letters swapped, or another separator. Adds `near` to the `dependency` fact. Dialects
// run in the order of their names, and this one has to come after those that put dependencies.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "base/text.h"
#include "base/version.h"
#include "dialects/common/well_known_packages.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::string_view line : split(text, '\n'))
    for (std::string_view word : split(line, ' '))
      if (!word.empty()) out.push_back(word);
  return out;
}

// Is `b` one insertion, deletion, substitution or swap of neighbours away from `a`?
bool one_step_away(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || a == b) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
  if (a.substr(i + 1) == b.substr(i + 1)) return true;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
         a.substr(i + 2) == b.substr(i + 2);
}

std::string without_hyphens(std::string_view name) {
  std::string out;
  std::copy_if(name.begin(), name.end(), std::back_inserter(out), [](char c) { return c != '-'; });
  return out;
}

struct Names {
  std::vector<std::string_view> known = words_in(well_known_packages);
  std::set<std::string_view> fine;                  // known, and real ones that are near
  std::map<std::string, std::string_view> by_bare;  // of known ones with hyphens
  Names() {
    fine.insert(known.begin(), known.end());
    for (std::string_view r : words_in(real_packages_near_them)) fine.insert(r);
    for (std::string_view k : known)
      if (contains(k, "-")) by_bare.emplace(without_hyphens(k), k);
  }
};

std::string_view near(std::string_view name) {
  static const Names names;
  std::string mine = normalised_package(name);
  // Short names are near each other by nature.
  if (mine.size() < 5 || names.fine.contains(mine)) return {};
  for (std::string_view k : names.known)
    if (k.size() >= 5 && one_step_away(mine, k)) return k;
  auto at = names.by_bare.find(without_hyphens(mine));
  return at == names.by_bare.end() ? std::string_view() : at->second;
}

void understand(const Artifact&, Sink& sink) {
  for (Fact& f : sink.facts()) {
    if (f.kind != "dependency" || f.get("manager") == "npm" || !sink.next()) continue;
    std::string_view like = near(f.get("name"));
    if (!like.empty()) f.set("near", like);
  }
}

}  // namespace

extern const Dialect similar_names;
const Dialect similar_names{"similar_names",
                            "dependencies that are nearly named like a known package", nullptr,
                            understand};

}  // namespace parapet::dialects
