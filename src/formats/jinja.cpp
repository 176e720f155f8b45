// Jinja templates that stand in files of their own: chat templates beside models, prompt templates.
// https://jinja.palletsprojects.com/en/stable/templates/
#include "base/text.h"
#include "formats/format.h"
#include "formats/jinja/template_fact.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 4U << 20U;

bool recognises(const Artifact& a) {
  std::string e = extension(a.name);
  return (e == "jinja" || e == "jinja2" || e == "j2") && a.is_text();
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view text = as_text(a.bytes);
  if (text.size() > longest) sink.partly("a template longer than 4 MiB: read up to there");
  text = text.substr(0, longest);
  sink.is("jinja");
  std::size_t before = sink.facts().size();
  jinja::add_template(sink, file_name(a.name), text, {0, text.size(), 1, 1, {}}, true);
  if (sink.facts().size() == before) return;
  Place& place = sink.facts().back().place;
  LineColumn at = LineIndex(text).at(place.offset);
  place.line = at.line;
  place.column = at.column;
}

}  // namespace

extern const Format jinja;
const Format jinja{"jinja",
                   1,
                   "Jinja templates and what they reach in Python",
                   "https://jinja.palletsprojects.com/en/stable/templates/",
                   recognises,
                   parse};

}  // namespace parapet::formats
