// pip requirement files, one requirement or option a line.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
#include "formats/format.h"
#include "formats/text/text.h"
#include "syntax/lines.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  std::string name = lower(file_name(a.name));
  if (!(name.ends_with(".txt") || name.ends_with(".in") || name.ends_with(".pip"))) return false;
  bool named = contains(name, "requirement") || contains(name, "constraint") ||
               name.starts_with("reqs") || contains(a.name, "requirements/");
  return named && looks_like_text(a.bytes);
}

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "requirements", parse_lines); }

}  // namespace

extern const Format requirements;
const Format requirements{"requirements",
                          1,
                          "pip requirement files",
                          "https://pip.pypa.io/en/stable/reference/requirements-file-format/",
                          recognises,
                          parse};

}  // namespace parapet::formats
