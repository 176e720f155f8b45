#include "commands/support/armoury.h"

#include <future>

#include "commands/support/release.h"
#include "knowledge/credential_kinds.h"

namespace parapet::commands {
namespace {

Result<std::shared_ptr<const CredentialMatcher>> read_credentials() {
  auto kinds = TRY(load_credential_kinds());
  return CredentialMatcher::make(std::move(kinds));
}

}  // namespace

Result<OwnedArmoury> make_armoury(const Arguments& a) {
  // Most of what a start takes is reading YAML: three parts that do not need each other.
  auto release = std::async(std::launch::async, [&] { return open_release(a.get("atlas")); });
  auto matcher = std::async(std::launch::async, read_credentials);
  OwnedArmoury out;
  TRY(out.rules.add_embedded());
  out.knowledge = TRY(release.get()).knowledge;
  out.credentials = TRY(matcher.get());
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
