// Prose that people and models read: Markdown, text, prompts, and the rules files of coding agents.
// The last are instructions, so each is a `prompt` fact that says whether it hides characters and
// whether it tells the model to act behind the user's back.
#include <array>

#include "base/text.h"
#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

constexpr std::array<std::string_view, 10> instruction_files{"agents.md",
                                                             "claude.md",
                                                             "gemini.md",
                                                             ".cursorrules",
                                                             ".windsurfrules",
                                                             ".goosehints",
                                                             "copilot-instructions.md",
                                                             "skill.md",
                                                             "system_prompt.txt",
                                                             "system_prompt.md"};

bool is_instructions(const Artifact& a) {
  std::string name = lower(file_name(a.name));
  for (std::string_view f : instruction_files)
    if (name == f) return true;
  return extension(a.name) == "mdc" || extension(a.name) == "prompt" ||
         contains(a.name, ".cursor/rules/") || contains(a.name, ".claude/commands/") ||
         contains(a.name, ".claude/skills/");
}

// Ways in which instructions are slipped to a model: orders against the user's will, and reads of
// what no rules file needs.
constexpr std::array<std::string_view, 14> orders{"ignore previous",
                                                  "ignore all previous",
                                                  "ignore the above",
                                                  "disregard previous",
                                                  "do not tell the user",
                                                  "don't tell the user",
                                                  "do not mention this",
                                                  "never mention this",
                                                  "without telling the user",
                                                  "<important>",
                                                  "~/.ssh",
                                                  "id_rsa",
                                                  "/etc/passwd",
                                                  "exfiltrate"};

bool recognises(const Artifact& a) {
  return text::named(a, {"md", "mdc", "txt", "rst", "prompt", "markdown"},
                     {".cursorrules", ".windsurfrules", ".goosehints"});
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("text");
  std::size_t before = sink.facts().size();
  text::report_hidden_text(a, sink);
  if (!is_instructions(a)) return;
  std::string body =
      lower(as_text(a.bytes.first(std::min<std::size_t>(a.bytes.size(), 1U << 20U))));
  Fact f{"prompt", {}, {0, a.bytes.size()}, {}};
  f.set("name", file_name(a.name)).set("hidden", sink.facts().size() > before ? "yes" : "no");
  std::string_view found;
  for (std::string_view order : orders)
    if (found.empty() && contains(body, order)) found = order;
  if (!found.empty()) {
    auto at = body.find(found);
    f.place = {at, found.size()};
    f.says = "tells the model: \"" + printable(as_text(a.bytes).substr(at, 80)) + "\"";
  }
  f.set("imperative", found.empty() ? "no" : "yes");
  sink.add(std::move(f));
}

}  // namespace

extern const Format plain_text;
const Format plain_text{"plain_text",
                        1,
                        "Markdown, text, prompts and rules files of coding agents",
                        "https://spec.commonmark.org/",
                        recognises,
                        parse};

}  // namespace parapet::formats
