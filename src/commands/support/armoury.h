#pragma once
// The rules and knowledge that a scan needs, built from the command line's options --rules, --only,
// --sandbox and --atlas.
#include "commands/command.h"
#include "engine/scan.h"

namespace parapet::commands {

struct OwnedArmoury {
  RuleSet rules;
  Knowledge knowledge;
  std::shared_ptr<const CredentialMatcher> credentials;
  std::unique_ptr<Advisories> advisories = std::make_unique<Advisories>();
  std::vector<std::string> notes;  // for the report: what of the user's files could not be read
  Armoury view() const { return {rules, knowledge, *credentials, *advisories}; }
};

Result<OwnedArmoury> make_armoury(const Arguments&);

// SHA-256 over all that decides what a scan with these options finds in given bytes: the program,
// its rules and kinds, those of the user, and the limits.
Result<std::string> judges_digest(const Arguments&);

}  // namespace parapet::commands
