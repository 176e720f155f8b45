#include "commands/support/armoury.h"

#include "io/mapped_file.h"
#include "knowledge/atlas_file.h"

namespace parapet::commands {

Result<OwnedArmoury> make_armoury(const Arguments& a) {
  OwnedArmoury out;
  if (a.has("atlas")) {
    OpenFile file = TRY(open_file(a.get("atlas")));
    out.knowledge = TRY(load_atlas_file(as_text(file.bytes)));
  } else {
    out.knowledge = TRY(load_knowledge());
  }
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
