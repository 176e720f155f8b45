#pragma once
// What `parapet atlas` prints, as text and as JSON. Everything that comes from an ATLAS file was
// made printable on load.
#include <string>
#include <string_view>
#include <vector>

#include "commands/support/release.h"
#include "knowledge/atlas_file.h"

namespace parapet::atlas {

// What a question about the release is answered with: ids of tactics, techniques, mitigations, case
// studies.
struct Hits {
  std::vector<const Tactic*> tactics;
  std::vector<const Technique*> techniques;
  std::vector<const Mitigation*> mitigations;
  std::vector<const CaseStudy*> case_studies;

  bool empty() const {
    return tactics.empty() && techniques.empty() && mitigations.empty() && case_studies.empty();
  }
};

// Objects whose id, name, our line or evidence columns hold `word`, whatever its case.
Hits search(const Knowledge&, std::string_view word);
// The techniques of one of our categories, whether it is their first or their second.
Hits in_category(const Knowledge&, std::string_view category);

// The full id for what a person typed: "t0010.3" and "aml.t0010.003" are AML.T0010.003; an exact
// name does as well. Empty when nothing fits.
std::string resolve(const Knowledge&, std::string_view typed);
// Ids like the one typed, best first, with their names: "AML.T0010 AI Supply Chain Compromise".
std::vector<std::string> suggestions(const Knowledge&, std::string_view typed);

std::string matrix_text(const Release&);
std::string object_text(const Knowledge&, std::string_view id);
std::string hits_text(const Knowledge&, const Hits&, std::string_view question);
std::string changes_text(const Knowledge& before, const Release& after,
                         const std::vector<AtlasChange>&);

std::string matrix_json(const Release&);
std::string object_json(const Knowledge&, std::string_view id);
std::string hits_json(const Knowledge&, const Hits&);
std::string changes_json(const Knowledge& before, const Release& after,
                         const std::vector<AtlasChange>&);

}  // namespace parapet::atlas
