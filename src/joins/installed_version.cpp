// Which version of a library a call meets: the nearest requirement or lock file, upwards from the
// file of the call, that settles on one.
#include <array>
#include <map>

#include "base/text.h"
#include "joins/join.h"

namespace parapet::joins {
namespace {

// Modules whose version decides about a call, and the package that brings them.
struct Library {
  std::string_view module, package;
};
constexpr std::array<Library, 8> libraries{{{"torch", "torch"},
                                            {"numpy", "numpy"},
                                            {"yaml", "pyyaml"},
                                            {"keras", "keras"},
                                            {"tensorflow", "tensorflow"},
                                            {"transformers", "transformers"},
                                            {"datasets", "datasets"},
                                            {"skops", "skops"}}};

std::string_view package_of(std::string_view call) {
  std::string_view module = call.substr(0, call.find('.'));
  for (const Library& l : libraries)
    if (l.module == module) return l.package;
  return {};
}

bool reads(const Fact& f) {
  if (f.kind != "dependency" || f.get("version").empty()) return false;
  std::string_view name = f.get("name");
  for (const Library& l : libraries)
    if (l.package == name) return true;
  return false;
}

// Of two statements in one folder the lock file's is the one that is installed.
bool settles(const Fact& f) { return f.get("pinned") == "exact"; }

void join(Estate& estate) {
  std::map<std::pair<std::string_view, std::string_view>, const KeptFact*>
      pinned;  // folder, package
  for (const KeptFact& k : estate.kept)
    if (reads(k.fact) && settles(k.fact)) pinned[{folder_of(k.artifact), k.fact.get("name")}] = &k;
  if (pinned.empty()) return;
  for (OpenFact& open : estate.open) {
    std::string_view package =
        open.fact().kind == "call" ? package_of(open.fact().get("name")) : std::string_view();
    if (package.empty()) continue;
    std::string_view folder = open.artifact;
    do {
      folder = folder_of(folder);
      auto at = pinned.find({folder, package});
      if (at == pinned.end()) continue;
      const KeptFact& k = *at->second;
      open.fact().put("installed", k.fact.get("version"));
      open.related.push_back({k.artifact, k.fact.place, k.fact.says});
      break;
    } while (!folder.empty());
  }
}

constexpr std::string_view sets[] = {"installed"};

}  // namespace

extern const Join installed_version;
const Join installed_version{"installed_version",
                             "calls of a library with the version that is pinned for them",
                             "call",
                             sets,
                             reads,
                             join};

}  // namespace parapet::joins
