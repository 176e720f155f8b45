// JSON and JSON with comments. https://www.rfc-editor.org/rfc/rfc8259
#include "syntax/json.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

// The manifests and configurations of container images have digests for names.
bool is_image_blob(const Artifact& a) {
  return contains(a.name, "blobs/sha") && as_text(a.bytes).starts_with('{') && a.is_text();
}

bool recognises(const Artifact& a) {
  if (is_image_blob(a)) return true;
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
