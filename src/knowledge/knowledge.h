#pragma once
// What the program knows besides the scanned files: the facts of MITRE ATLAS, our classification of
// its techniques, and the survey's axes. All of it is text under knowledge/, built into the
// program; this is its shape once read.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace parapet {

struct Tactic {
  std::string id, name;
  std::string attack;  // the ATT&CK counterpart; empty: ATLAS only
  std::string line;    // our one line, as everywhere below
};

// Our judgement of one technique. Of a technique that we have not classified, only `category` is
// set: "unclassified".
struct Classification {
  std::string category, secondary;  // ids of Knowledge::categories
  std::string theme;
  std::vector<std::string> stages, phases;  // phases follow from the stages
  std::string locus;                        // target-side, attacker-side, outcome
  std::string
      knowledge;  // of the model, the least that suffices: none, black-box, gray-box, white-box
  std::string access;  // the least position that suffices (attackers.yaml)
  std::vector<std::string>
      assess;            // best way first: static, live-probe, questionnaire-only, not-assessable
  std::string evidence;  // direct, indirect, none
  std::vector<std::string> families;  // F01..F16 that answer it
  std::string looks_for;              // what shows an exposure
  std::string guarded_by;             // what shows a control
};

// A step of a case study that uses a technique.
struct StudyStep {
  std::string study;
  unsigned number = 0;  // from 1, in the order of the procedure
  std::string tactic;
};

struct Technique {
  std::string id;
  std::string name;                  // "Model"
  std::string display;               // "AI Supply Chain Compromise: Model"
  std::string parent;                // empty: top level
  std::vector<std::string> tactics;  // a sub-technique has its parent's
  std::string maturity;  // feasible, demonstrated, realized: which case studies are on record, not
                         // how likely it is
  std::string attack, since, line;
  Classification ours;
  // Reverse relations, worked out on load.
  std::vector<std::string> children, mitigations;
  std::vector<StudyStep> steps;  // its own, not those of its children

  bool is_sub() const { return !parent.empty(); }
};

struct Mitigation {
  std::string id, name, type, attack, line;
  std::vector<std::string> lifecycle, techniques;
  std::vector<std::string> phases;  // follow from the lifecycle
  std::string family;               // F01..F16
};

struct CaseStudy {
  std::string id, name;
  std::string type;  // incident, exercise
  std::string date;  // as exact as it is known: 2023, 2023-07 or 2023-07-25
  std::string line;
  struct Step {
    std::string tactic, technique;  // empty where the file names one that it does not define
  };
  std::vector<Step> steps;
};

struct SurveyItem {  // a level, a category, a phase or a stage
  std::string id, name, line;
  std::string basis;  // paper, summary, inference, ours
  std::string under;  // a category's level, a stage's phase
};

struct Attacker {
  std::string id, name, line, knowledge;
  std::vector<std::string> access;
};

struct Family {
  std::string id, name, line;
  std::vector<std::string> mitigations;
};

// What a `control` fact of this name stands against.
struct Control {
  std::string name, line;
  std::vector<std::string> techniques, phases, families;
};

struct Knowledge {
  std::string version;                  // as the ATLAS file declares it
  std::string matrix;                   // its name, several joined by " + "
  std::vector<Tactic> tactics;          // in matrix order
  std::vector<Technique> techniques;    // by id, so children follow their parent
  std::vector<Mitigation> mitigations;  // by id
  std::vector<CaseStudy> case_studies;  // by id
  std::vector<SurveyItem> levels, categories, phases, stages;
  std::map<std::string, std::string, std::less<>> phase_of_lifecycle;
  std::vector<std::string> knowledge_scale;  // least first
  std::vector<SurveyItem> positions;         // what Classification::access may say
  std::vector<Attacker> attackers;
  std::vector<Family> families;
  std::vector<Control> controls;
  std::vector<std::string> notes;  // what was repaired or left out on load

  const Tactic* tactic(std::string_view id) const;
  const Technique* technique(std::string_view id) const;
  const Mitigation* mitigation(std::string_view id) const;
  const CaseStudy* case_study(std::string_view id) const;
  const SurveyItem* category(std::string_view id) const;
  const SurveyItem* phase(std::string_view id) const;
  const Family* family(std::string_view id) const;
  // Can this attacker carry out the technique, as far as knowledge and position go?
  bool within_reach(const Attacker&, const Technique&) const;
};

// The release that is built into the program. Fails only when a file under knowledge/ is broken,
// naming it and the line.
Result<Knowledge> load_knowledge();

// What does not hold together: references to ids that are not there, unknown values, maturity that
// the case studies do not bear out. Empty for the built-in knowledge and the official release.
std::vector<std::string> problems(const Knowledge&);

// The maturity that the case studies of the technique and of its children bear out.
std::string derived_maturity(const Knowledge&, const Technique&);

namespace knowledge_parts {  // shared with atlas_file.cpp

// Everything of ours except facts of ATLAS.
struct Ours {
  std::map<std::string, std::string, std::less<>> lines;  // by id of any ATLAS object
  std::map<std::string, Classification, std::less<>> classes;
  std::map<std::string, std::string, std::less<>>
      since;  // by id of a technique: the release it first stood in
};
// Reads our files into `k` (axes, attackers, families, controls) and returns what belongs to ATLAS
// ids.
Result<Ours> load_ours(Knowledge& k);
// Joins facts and ours: sorts, inherits tactics, display names, reverse relations, phases.
void connect(Knowledge& k, Ours ours);

}  // namespace knowledge_parts
}  // namespace parapet
