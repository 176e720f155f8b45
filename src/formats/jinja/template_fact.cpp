#include "formats/jinja/template_fact.h"

#include "base/text.h"
#include "syntax/jinja.h"

namespace parapet::jinja {

void add_template(Sink& sink, std::string_view name, std::string_view text, const Place& place,
                  bool verbatim) {
  JinjaTemplate t = read_jinja(text, [&] { return sink.next(); });
  Fact f{"template", {}, place, {}};
  f.set("name", name.substr(0, 200)).set("text", text.substr(0, 4096));
  std::string reached;
  for (std::size_t i = 0; i < t.reaches.size(); ++i) {
    const JinjaReach& r = t.reaches[i];
    // Of "x.__init__" and "x.__init__.__globals__" the longer one says all.
    if (i + 1 < t.reaches.size() && t.reaches[i + 1].what.starts_with(r.what)) continue;
    if (r.type == JinjaReach::Type::include) {
      f.set("includes", r.what);
      continue;
    }
    f.set("reaches", r.what);
    if (reached.size() < 160) reached += (reached.empty() ? "" : ", ") + printable(r.what, 100);
    if (verbatim && reached == printable(r.what, 100)) {
      f.place.offset = place.offset + r.offset;
      f.place.length = r.length;
    }
  }
  for (const std::string& c : t.calls) f.set("calls", c);
  f.says = "template " + printable(name, 60) + (reached.empty() ? "" : " reaches " + reached);
  sink.add(std::move(f));
  if (!t.problem.empty()) sink.partly("template " + printable(name, 60) + ": " + t.problem);
}

}  // namespace parapet::jinja
