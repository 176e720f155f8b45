// TOML 1.0. https://toml.io/en/v1.0.0
#include "syntax/toml.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  return text::named(a, {"toml"}, {"Pipfile", "uv.lock", "poetry.lock", "pdm.lock", "Cargo.lock"});
}

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "toml", parse_toml); }

}  // namespace

extern const Format toml;
const Format toml{"toml", 1, "TOML", "https://toml.io/en/v1.0.0", recognises, parse};

}  // namespace parapet::formats
