#include "commands/support/armoury.h"

#include "commands/support/release.h"
#include "knowledge/credential_kinds.h"

namespace parapet::commands {

Result<OwnedArmoury> make_armoury(const Arguments& a) {
  OwnedArmoury out;
  out.knowledge = TRY(open_release(a.get("atlas"))).knowledge;
  auto kinds = TRY(load_credential_kinds());
  out.credentials = TRY(CredentialMatcher::make(std::move(kinds)));
  TRY(out.rules.add_embedded());
  for (const std::string& folder : a.all("rules")) TRY(out.rules.add_folder(folder));
  out.rules.finish(a.has("sandbox"));
  std::vector<std::string> only = a.all("only");
  for (const std::string& id : only) {
    bool known = false;
    for (const Rule& r : out.rules.rules()) known = known || r.card.id == id;
    if (!known)
      return Fail(Error{"--only " + id, "there is no such rule; see: parapet rules list"});
  }
  if (!only.empty()) out.rules.keep_only(only);
  return out;
}

}  // namespace parapet::commands
