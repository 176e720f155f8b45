// parapet atlas: looks things up in MITRE ATLAS and in our classification of it.
#include <cstdio>

#include "base/text.h"
#include "commands/atlas/pages.h"
#include "commands/command.h"

namespace parapet {
namespace {

constexpr Option options[] = {
    {"format", 'f', "FORMAT", "text or json", "text"},
    {"atlas", 0, "FILE", "use this ATLAS.yaml instead of the built-in release", {}},
};

constexpr std::string_view details =
    R"(Prints MITRE ATLAS with Parapet's own one-line descriptions and classification.

  parapet atlas                    the matrix: tactics, techniques, maturity, our category
  parapet atlas AML.T0010.003      a technique: tactics, maturity, phases, who can do it, what shows
                                   it, what guards it, mitigations, case studies
  parapet atlas AML.M0013          a mitigation and what it answers
  parapet atlas AML.CS0023         a case study, step by step
  parapet atlas AML.TA0002         a tactic and its techniques
  parapet atlas model-integrity    the techniques of one of our categories
  parapet atlas search pickle      everything that mentions a word
  parapet atlas diff ATLAS.yaml    what that release adds, removes, renames and changes

Ids may be written short: t10.3 is AML.T0010.003. --atlas FILE reads any official ATLAS.yaml (from
github.com/mitre-atlas/atlas-data, dist/); errors in it are repaired where their meaning is plain,
and what was repaired is said. Maturity counts public cases: realized has an incident, demonstrated
an exercise, feasible none.)";

Result<int> print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

Result<int> show(const Release& r, const std::string& typed, bool json) {
  const Knowledge& k = r.knowledge;
  std::string id = atlas::resolve(k, typed);
  if (!id.empty()) return print(json ? atlas::object_json(k, id) : atlas::object_text(k, id));
  if (k.category(typed) != nullptr || typed == "unclassified") {
    atlas::Hits hits = atlas::in_category(k, typed);
    return print(json ? atlas::hits_json(k, hits) : atlas::hits_text(k, hits, typed));
  }
  std::string cause = "ATLAS " + k.version + " has nothing of that id or name";
  if (auto like = atlas::suggestions(k, typed); !like.empty())
    cause += "; did you mean " + join(like, ", ") + "?";
  else
    cause += "; try: parapet atlas search " + printable(typed, 60);
  return Fail(Error{"find " + printable(typed, 60), std::move(cause)});
}

Result<int> run(const Arguments& arguments) {
  std::string format = arguments.get("format", "text");
  if (format != "text" && format != "json")
    return Fail(Error{"use --format " + printable(format, 40), "the formats are text and json"});
  bool json = format == "json";
  Release release = TRY(open_release(arguments.get("atlas")));
  const auto& words = arguments.positional;
  if (words.empty()) return print(json ? atlas::matrix_json(release) : atlas::matrix_text(release));

  if (words[0] == "search") {
    std::string word = join({words.begin() + 1, words.end()}, " ");
    if (word.empty())
      return Fail(Error{"search ATLAS", "no word was given: parapet atlas search WORD"});
    atlas::Hits hits = atlas::search(release.knowledge, word);
    return print(json ? atlas::hits_json(release.knowledge, hits)
                      : atlas::hits_text(release.knowledge, hits, word));
  }
  if (words[0] == "diff") {
    if (words.size() != 2)
      return Fail(Error{"compare releases", "one file is needed: parapet atlas diff FILE"});
    Release other = TRY(open_release(words[1]));
    auto changes = differences(release.knowledge, other.knowledge);
    return print(json ? atlas::changes_json(release.knowledge, other, changes)
                      : atlas::changes_text(release.knowledge, other, changes));
  }
  return show(release, join(words, " "), json);
}

}  // namespace

namespace commands {

extern const Command atlas{
    "atlas",
    "look up MITRE ATLAS: matrix, technique, mitigation, case study, differences",
    "[ID | search WORD | diff FILE]",
    details,
    options,
    run};

}  // namespace commands
}  // namespace parapet
