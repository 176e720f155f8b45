// What changed between two releases of ATLAS.
#include <algorithm>

#include "base/text.h"
#include "knowledge/atlas_file.h"

namespace parapet {
namespace {

class Comparison {
 public:
  Comparison(const Knowledge& before, const Knowledge& after) : before_(before), after_(after) {}

  std::vector<AtlasChange> run() {
    objects(before_.tactics, after_.tactics, [](const Tactic&, const Tactic&) {});
    objects(before_.techniques, after_.techniques, [&](const Technique& a, const Technique& b) {
      value("parent", b.id, b.display, a.parent, b.parent);
      set("tactics", b.id, b.display, a.tactics, b.tactics);
      value("maturity", b.id, b.display, a.maturity, b.maturity);
      set("mitigations", b.id, b.display, a.mitigations, b.mitigations);
    });
    objects(before_.mitigations, after_.mitigations, [](const Mitigation&, const Mitigation&) {});
    objects(before_.case_studies, after_.case_studies, [&](const CaseStudy& a, const CaseStudy& b) {
      value("type", b.id, b.name, a.type, b.type);
      auto same = [](const CaseStudy::Step& x, const CaseStudy::Step& y) {
        return x.tactic == y.tactic && x.technique == y.technique;
      };
      if (!std::ranges::equal(a.steps, b.steps, same))
        put("steps", b.id, b.name, std::to_string(a.steps.size()), std::to_string(b.steps.size()));
    });
    return std::move(out_);
  }

 private:
  static const std::string& shown(const Technique& t) { return t.display; }
  template <class T>
  static const std::string& shown(const T& x) {
    return x.name;
  }

  void put(std::string what, const std::string& id, const std::string& name, std::string before,
           std::string after) {
    out_.push_back({std::move(what), id, name, std::move(before), std::move(after)});
  }

  template <class T, class Both>
  void objects(const std::vector<T>& before, const std::vector<T>& after, Both both) {
    for (const T& a : before)
      if (std::ranges::find(after, a.id, &T::id) == after.end())
        put("removed", a.id, shown(a), "", "");
    for (const T& b : after) {
      auto a = std::ranges::find(before, b.id, &T::id);
      if (a == before.end()) {
        put("added", b.id, shown(b), "", "");
        continue;
      }
      value("renamed", b.id, shown(b), a->name, b.name);
      both(*a, b);
    }
  }

  void value(const char* what, const std::string& id, const std::string& name, const std::string& a,
             const std::string& b) {
    if (a != b) put(what, id, name, a, b);
  }

  void set(const char* what, const std::string& id, const std::string& name,
           std::vector<std::string> a, std::vector<std::string> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    if (a == b) return;
    std::vector<std::string> gone;
    std::vector<std::string> come;
    std::ranges::set_difference(a, b, std::back_inserter(gone));
    std::ranges::set_difference(b, a, std::back_inserter(come));
    put(what, id, name, join(gone, ", "), join(come, ", "));
  }

  const Knowledge& before_;
  const Knowledge& after_;
  std::vector<AtlasChange> out_;
};

}  // namespace

std::vector<AtlasChange> differences(const Knowledge& before, const Knowledge& after) {
  return Comparison(before, after).run();
}

}  // namespace parapet
