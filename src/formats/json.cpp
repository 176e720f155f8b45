// JSON and JSON with comments. https://www.rfc-editor.org/rfc/rfc8259
#include "syntax/json.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  return text::named(a, {"json", "jsonc", "json5", "mcp", "tfstate"},
                     {"Pipfile.lock", ".babelrc", ".devcontainer.json"});
}

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "json", parse_json); }

}  // namespace

extern const Format json;
const Format json{
    "json",     1,    "JSON, with comments or without", "https://www.rfc-editor.org/rfc/rfc8259",
    recognises, parse};

}  // namespace parapet::formats
