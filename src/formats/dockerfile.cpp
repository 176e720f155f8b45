// Dockerfile and Containerfile. https://docs.docker.com/reference/dockerfile/
#include "syntax/dockerfile.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

bool has_from(std::string_view s) {
  s = s.substr(0, 4096);
  while (!s.empty()) {
    auto [line, rest, found] = split_once(s, "\n");
    s = rest;
    line = trim(line);
    if (line.size() > 5 && equals_ignoring_case(line.substr(0, 4), "from") && is_space(line[4]))
      return true;
  }
  return false;
}

bool recognises(const Artifact& a) {
  std::string name = lower(file_name(a.name));
  bool exact = name == "dockerfile" || name == "containerfile";
  bool like = name.starts_with("dockerfile") || name.ends_with(".dockerfile") ||
              name.starts_with("containerfile") || name.ends_with(".containerfile") ||
              name.starts_with("dockerfile-") || name.ends_with("-dockerfile");
  if (!exact && !like) return false;
  return a.is_text() && (exact || has_from(as_text(a.bytes)));
}

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "dockerfile", parse_dockerfile); }

}  // namespace

extern const Format dockerfile;
const Format dockerfile{"dockerfile", 1,
                        "Dockerfile", "https://docs.docker.com/reference/dockerfile/",
                        recognises,   parse};

}  // namespace parapet::formats
