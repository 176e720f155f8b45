#include "engine/rule_cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/hexfile.h"
#include "engine/root_scan.h"
#include "io/mapped_file.h"

namespace parapet {
namespace {

namespace fs = std::filesystem;

// Roots of one case, as a source would give them, with .hex files assembled.
Result<std::vector<Root>> roots_of(const fs::path& entry) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(entry, error)) {
    for (fs::recursive_directory_iterator it(entry, error), end; !error && it != end;
         it.increment(error))
      if (it->is_regular_file(error)) files.push_back(it->path());
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(entry);
  }
  std::vector<Root> out;
  for (const fs::path& file : files) {
    // A case called ".github" is that folder itself; one called "fork" is the root of a tree.
    bool is_root = fs::is_directory(entry, error) && !entry.filename().string().starts_with('.');
    fs::path inside = file.lexically_relative(is_root ? entry : entry.parent_path());
    if (file.extension() != ".hex") {
      out.push_back({inside.generic_string(), file.string(), {}, {}, 0});
      continue;
    }
    OpenFile text = TRY(open_file(file.string()));
    auto bytes = assemble_hex(as_text(text.bytes));
    if (!bytes)
      return Fail(
          Error{"assemble " + file.string() + ", " + bytes.error().what, bytes.error().cause});
    auto held = std::make_shared<std::string>(std::move(*bytes));
    inside.replace_extension();
    out.push_back({inside.generic_string(),
                   "",
                   Artifact{inside.generic_string(), as_bytes(*held), held, 0},
                   {},
                   0});
  }
  return out;
}

Result<bool> fires(const std::string& id, const fs::path& entry, const Armoury& armoury) {
  ScanRequest request;
  std::vector<KeptFact> kept;
  std::vector<Awaiting> awaiting;
  auto is_it = [&](const Finding& f) { return f.rule == id && f.suppression.by.empty(); };
  for (const Root& root : TRY(roots_of(entry))) {
    RootResult r = scan_root(root, request, armoury);
    if (std::any_of(r.findings.begin(), r.findings.end(), is_it)) return true;
    std::move(r.kept.begin(), r.kept.end(), std::back_inserter(kept));
    std::move(r.awaiting.begin(), r.awaiting.end(), std::back_inserter(awaiting));
  }
  std::set<std::string> notes;
  auto joined = judge_joined(kept, std::move(awaiting), armoury.rules, request.accepted, notes);
  return std::any_of(joined.begin(), joined.end(), is_it);
}

}  // namespace

Result<RuleCases> run_cases(const std::string& id, const std::string& rules_folder,
                            const CredentialMatcher& credentials, const Advisories& advisories) {
  RuleSet rules;
  OpenFile text = TRY(open_file(rules_folder + "/" + id + "/rule.yaml"));
  TRY(rules.add(id, as_text(text.bytes)));
  rules.finish(true);
  const Knowledge no_knowledge;  // root scans judge by rules alone
  RuleCases out;
  for (bool want : {true, false}) {
    fs::path folder = fs::path(rules_folder) / id / (want ? "bad" : "good");
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
      entries.push_back(it->path());
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      ++out.cases;
      std::string name = id + ": " + entry.lexically_relative(fs::path(rules_folder) / id).string();
      auto fired = fires(id, entry, {rules, no_knowledge, credentials, advisories});
      if (!fired)
        out.failures.push_back(name + ": " + fired.error().what + ": " + fired.error().cause);
      else if (*fired != want)
        out.failures.push_back(name + (want ? " does not fire" : " fires"));
    }
    if (entries.empty())
      out.failures.push_back(id + ": no case in " + folder.filename().string() + "/");
  }
  return out;
}

}  // namespace parapet
