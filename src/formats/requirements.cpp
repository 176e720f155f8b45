// pip requirement files, one requirement or option a line.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/text/text.h"
#include "syntax/lines.h"

namespace parapet::formats {
namespace {

// NAME, perhaps [extras], and a comparison, an address or a marker; or an option of pip's.
bool is_requirement(std::string_view line) {
  for (std::string_view option :
       {"-r ", "-c ", "-e ", "--requirement", "--constraint", "--index-url", "--extra-index-url",
        "--find-links", "--hash", "--trusted-host"})
    if (line.starts_with(option)) return true;
  std::size_t n = 0;
  while (n < line.size() && (is_word(line[n]) || line[n] == '-' || line[n] == '.')) ++n;
  std::string_view rest = trim(line.substr(n));
  if (rest.starts_with('[') && rest.find(']') != std::string_view::npos)
    rest = trim(rest.substr(rest.find(']') + 1));
  for (std::string_view sign : {"==", ">=", "<=", "~=", "!=", "===", "@ http", "@ git+"})
    if (n > 0 && rest.starts_with(sign)) return true;
  return false;
}

// A file that another one includes may have any name: every line that says something is a
// requirement, or nearly every one, for a name alone is one as well.
bool reads_like_requirements(std::string_view text) {
  constexpr std::size_t looked_at = 64U << 10U;  // bytes
  std::size_t sure = 0;
  std::size_t names = 0;
  for (std::string_view line : split(text.substr(0, looked_at), '\n')) {
    line = trim(line.substr(0, line.find(" #")));
    if (line.empty() || line.starts_with('#')) continue;
    bool name = std::all_of(line.begin(), line.end(),
                            [](char c) { return is_word(c) || c == '-' || c == '.'; });
    if (is_requirement(line))
      ++sure;
    else if (name)
      ++names;
    else
      return false;
  }
  return sure > 0 && sure * 2 >= names;
}

bool recognises(const Artifact& a) {
  std::string name = lower(file_name(a.name));
  if (!(name.ends_with(".txt") || name.ends_with(".in") || name.ends_with(".pip"))) return false;
  bool named = contains(name, "requirement") || contains(name, "constraint") ||
               name.starts_with("reqs") || contains(a.name, "requirements/");
  return a.is_text() && (named || reads_like_requirements(as_text(a.bytes)));
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
