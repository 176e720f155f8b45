// parapet facts: what formats and dialects see, as rules see it.
#include <cstdio>

#include "base/text.h"
#include "commands/command.h"
#include "commands/support/armoury.h"
#include "engine/scan.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {
    {"kind", 'k', "KIND", "only facts of this kind, repeatable"},
};

constexpr std::string_view details =
    "Rules look at facts; this prints them, one block an artifact. For writing rules and for "
    "finding out\n"
    "why one fires or does not. docs/facts.md lists the kinds and attributes. Credentials are "
    "redacted,\n"
    "other values are shown as the files have them.\n\n"
    "  parapet facts compose.yaml\n"
    "  parapet facts . --kind service";

void print(const Artifact& a, const Sink& sink, const std::vector<std::string>& kinds) {
  bool named = false;
  for (std::size_t i = 0; i < sink.facts().size(); ++i) {
    const Fact& f = sink.facts()[i];
    bool wanted = kinds.empty();
    for (const auto& k : kinds) wanted = wanted || k == f.kind;
    if (!wanted) continue;
    if (!named)
      std::printf("%s [%s]\n", printable(a.name, 400).c_str(), join(sink.kinds(), " ").c_str());
    named = true;
    std::printf("  %zu %s", i, f.kind.c_str());
    if (f.of >= 0) std::printf(" of %d", f.of);
    if (f.place.line != 0)
      std::printf(" (line %u)", f.place.line);
    else
      std::printf(" @%llu", static_cast<unsigned long long>(f.place.offset));
    std::printf("%s%s\n", f.says.empty() ? "" : ": ", printable(f.says, 160).c_str());
    for (const Attribute& x : f.attributes)
      std::printf("      %s %s %s\n", printable(x.name, 80).c_str(), x.known ? "=" : "=?",
                  printable(x.value, 160).c_str());
  }
  for (const auto& why : sink.why_partly())
    std::printf("%s: partly scanned: %s\n", printable(a.name, 400).c_str(), printable(why).c_str());
}

Result<int> run(const Arguments& a) {
  if (a.positional.empty())
    return Fail(Error{"facts", "name a target: parapet facts compose.yaml"});
  OwnedArmoury armoury = TRY(make_armoury(a));
  ScanRequest request;
  request.targets = a.positional;
  std::vector<std::string> kinds = a.all("kind");
  request.observe = [&](const Artifact& artifact, const Sink& sink) {
    print(artifact, sink, kinds);
  };
  Progress progress;
  TRY(run_scan(request, armoury.view(), progress));
  return 0;
}

}  // namespace

extern const Command facts{
    "facts", "what is seen in files, as rules see it", "TARGET...", details, options, run};

}  // namespace parapet::commands
