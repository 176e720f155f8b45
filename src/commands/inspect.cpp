// parapet inspect: what is in a model.
#include <cstdio>

#include "commands/command.h"
#include "commands/inspect/portrait.h"
#include "commands/support/armoury.h"
#include "engine/scan.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {
    {"format", 'f', "NAME", "text or json", "text"},
    {"disassemble", 'd', "", "the opcodes of every pickle, with what the interpreter says of them"},
    {"weights", 'w', "", "entropy and bit statistics of the weights by byte position"},
    {"all", 'a', "", "cut no table"},
};

constexpr std::string_view details =
    "Formats, framework, tensors, operators, metadata, imports with verdicts, references, "
    "findings,\n"
    "and what was not understood. Nothing is loaded or executed.\n\n"
    "  parapet inspect model.pt\n"
    "  parapet inspect encoder.pkl --disassemble\n"
    "  parapet inspect model.safetensors --weights -f json\n\n"
    "Exit code: 0 it was read, 2 the work could not be done. Whether it may pass: parapet scan.";

Result<int> run(const Arguments& a) {
  if (a.positional.empty()) return Fail(Error{"inspect", "name a file: parapet inspect model.pt"});
  std::string format = a.get("format", "text");
  if (format != "text" && format != "json")
    return Fail(Error{"--format " + format, "must be text or json"});
  OwnedArmoury armoury = TRY(make_armoury(a));
  for (const std::string& target : a.positional) {
    inspect::Portrait portrait;
    inspect::Wanted wanted{a.has("disassemble"), a.has("weights")};
    ScanRequest request;
    request.targets = {target};
    request.hash_all = true;
    request.observe = [&](const Artifact& artifact, const Sink& sink) {
      inspect::gather(portrait, artifact, sink, wanted);
    };
    Progress progress;
    portrait.scan = TRY(run_scan(request, armoury.view(), progress));
    std::string text =
        format == "json" ? inspect::as_json(portrait) : inspect::as_text(portrait, a.has("all"));
    if (&target != &a.positional.front() && format == "text") std::puts("");
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return 0;
}

}  // namespace

extern const Command inspect{"inspect", "what is in a model: tensors, imports, operators, metadata",
                             "FILE...", details,
                             options,   run};

}  // namespace parapet::commands
