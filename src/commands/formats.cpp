// parapet formats: what can be read.
#include <cstdio>

#include "base/json.h"
#include "base/text.h"
#include "commands/command.h"
#include "dialects/dialect.h"
#include "formats/format.h"
#include "sources/source.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {
    {"format", 'f', "NAME", "text, json, or markdown (docs/formats.md is made by it)", "text"},
};

std::string as_text() {
  std::string out;
  auto row = [&](std::string_view name, std::string_view title) {
    out += "  " + std::string(name);
    out.append(name.size() < 22 ? 22 - name.size() : 1, ' ');
    out += std::string(title) + '\n';
  };
  out += "Sources: where artifacts come from\n";
  for (const Source* s : all_sources()) row(s->name, s->title);
  out += "\nFormats: " + std::to_string(all_formats().size()) + ", recognised by content\n";
  for (const Format* f : all_formats()) row(f->name, f->title);
  out += "\nDialects: what documents and processes mean\n";
  for (const Dialect* d : all_dialects()) row(d->name, d->title);
  return out;
}

std::string as_markdown() {
  std::string out =
      "# Formats\n\nMade by `parapet formats -f markdown`; a test holds it.\n\n"
      "| format | what it is | source |\n|---|---|---|\n";
  for (const Format* f : all_formats())
    out += "| `" + std::string(f->name) + "` | " + std::string(f->title) + " | <" +
           std::string(f->spec) + "> |\n";
  out += "\n## Dialects\n\n| dialect | what it gives meaning to |\n|---|---|\n";
  for (const Dialect* d : all_dialects())
    out += "| `" + std::string(d->name) + "` | " + std::string(d->title) + " |\n";
  return out;
}

std::string as_json() {
  JsonWriter w;
  w.begin_object().key("formats").begin_array();
  for (const Format* f : all_formats())
    w.begin_object()
        .field("name", f->name)
        .field("version", f->version)
        .field("title", f->title)
        .field("spec", f->spec)
        .end_object();
  w.end_array().key("dialects").begin_array();
  for (const Dialect* d : all_dialects())
    w.begin_object().field("name", d->name).field("title", d->title).end_object();
  w.end_array().end_object();
  return w.take();
}

Result<int> run(const Arguments& a) {
  std::string format = a.get("format", "text");
  if (format != "text" && format != "json" && format != "markdown")
    return Fail(Error{"--format " + format, "must be text, json or markdown"});
  std::string text = format == "text" ? as_text() : format == "json" ? as_json() : as_markdown();
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace

extern const Command formats{
    "formats", "the formats, dialects and sources that are read", "", "", options, run};

}  // namespace parapet::commands
