// parapet formats: what can be read.
#include <cstdio>

#include "commands/command.h"
#include "dialects/dialect.h"
#include "formats/format.h"
#include "sources/source.h"

namespace parapet::commands {
namespace {

Result<int> run(const Arguments&) {
  auto row = [](std::string_view name, std::string_view title) {
    std::printf("  %-18.*s %.*s\n", static_cast<int>(name.size()), name.data(),
                static_cast<int>(title.size()), title.data());
  };
  std::puts("Sources: where artifacts come from");
  for (const Source* s : all_sources()) row(s->name, s->title);
  std::puts("\nFormats: syntaxes, recognised by content");
  for (const Format* f : all_formats()) row(f->name, f->title);
  std::puts("\nDialects: what documents and processes mean");
  for (const Dialect* d : all_dialects()) row(d->name, d->title);
  return 0;
}

}  // namespace

extern const Command formats{
    "formats", "the formats, dialects and sources that are read", "", "", {}, run};

}  // namespace parapet::commands
