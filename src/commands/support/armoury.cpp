#include "commands/support/armoury.h"

#include <algorithm>
#include <filesystem>
#include <future>

#include "base/embedded.h"
#include "commands/support/release.h"
#include "engine/osv_database.h"
#include "io/digest.h"
#include "io/mapped_file.h"
#include "knowledge/credential_kinds.h"
#include "knowledge/gitleaks_rules.h"

namespace parapet::commands {
namespace {

Result<std::string> text_of(const std::string& path) {
  OpenFile opened = TRY(open_file(path));
  return std::string(as_text(opened.bytes));
}

// A user's pattern is compiled before the scan, so that a mistake in it is told.
Result<std::vector<CredentialKind>> read_user_rules(const std::string& file,
                                                    std::vector<std::string>& notes) {
  std::string text = TRY(text_of(file));
  UserRules rules = TRY(read_gitleaks_rules(file, text, text_of));
  if (auto tried = CredentialMatcher::make(rules.kinds, true); !tried)
    return Fail(Error{file + ": " + tried.error().what, tried.error().cause});
  notes.insert(notes.end(), rules.notes.begin(), rules.notes.end());
  return std::move(rules.kinds);
}

Result<std::shared_ptr<const CredentialMatcher>> read_credentials(
    const std::vector<std::string>& user_files, std::vector<std::string>& notes) {
  auto kinds = TRY(load_credential_kinds());
  for (const std::string& file : user_files)
    for (CredentialKind& k : TRY(read_user_rules(file, notes))) kinds.push_back(std::move(k));
  return CredentialMatcher::make(std::move(kinds));
}

// What the user points to goes first: it is newer than what is built in.
Result<int> read_advisories(const Arguments& a, OwnedArmoury& out) {
  for (const std::string& path : a.all("osv")) {
    OsvLoaded loaded = TRY(add_osv_export(path, *out.advisories));
    if (loaded.broken != 0)
      out.notes.push_back(
          "Of " + std::to_string(loaded.files) + " advisories in " + path + " " +
          std::to_string(loaded.broken) +
          " could not be read, so they were not looked for: " + loaded.first_problem);
  }
  return add_built_in(*out.advisories);
}

}  // namespace

Result<OwnedArmoury> make_armoury(const Arguments& a) {
  // Most of what a start takes is reading YAML: three parts that do not need each other.
  auto release = std::async(std::launch::async, [&] { return open_release(a.get("atlas")); });
  std::vector<std::string> notes;
  auto matcher = std::async(std::launch::async,
                            [&] { return read_credentials(a.all("gitleaks-config"), notes); });
  OwnedArmoury out;
  TRY(out.rules.add_embedded());
  out.knowledge = TRY(release.get()).knowledge;
  out.credentials = TRY(matcher.get());
  out.notes = std::move(notes);
  TRY(read_advisories(a, out));
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

Result<std::string> judges_digest(const Arguments& a) {
  namespace fs = std::filesystem;
  std::string all = PARAPET_VERSION;
  auto add = [&](std::string_view part) {
    all += std::to_string(part.size()) + ":";
    all += part;
  };
  for (const EmbeddedFile& f : embedded_rules()) add(f.text());
  for (const EmbeddedFile& f : embedded_knowledge()) add(f.text());
  for (const std::string& osv : a.all("osv")) {
    std::error_code error;
    auto written = fs::last_write_time(osv, error).time_since_epoch().count();
    add(osv + std::to_string(written));
  }
  for (const char* option :
       {"only", "sandbox", "max-depth", "max-unpacked", "max-ratio", "max-entries", "max-seconds"})
    for (const std::string& value : a.all(option)) add(std::string(option) + "=" + value);
  std::vector<std::string> files = a.all("gitleaks-config");
  for (const std::string& folder : a.all("rules")) {
    std::error_code error;
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error))
      if (it->path().filename() == "rule.yaml") found.push_back(it->path().string());
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  for (const std::string& file : files) add(TRY(text_of(file)));
  return sha256_hex(as_bytes(all));
}

}  // namespace parapet::commands
