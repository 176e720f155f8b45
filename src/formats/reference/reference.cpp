#include "formats/reference/reference.h"

#include "base/text.h"

namespace parapet::reference {

std::string_view problem_of(std::string_view path) {
  // Backslashes separate on Windows, where the same model is loaded too.
  std::string p = replace_all(path, "\\", "/");
  if (p.starts_with("*/_ORT_MEM_ADDR_/*")) return "outside";  // the offset is an address in memory
  if (auto scheme = p.find("://"); scheme != std::string::npos && scheme > 1)
    return p.starts_with("file:") ? "absolute" : "url";
  if (p.starts_with('/') || p.starts_with('~')) return "absolute";
  if (p.size() >= 2 && p[1] == ':' && is_alpha(p[0])) return "absolute";
  // Even where ".." leads back in again: no writer makes such names, and a link on the way leads
  // on.
  for (std::string_view part : split(p, '/'))
    if (trim(part) == "..") return "outside";
  if (path.find('\0') != std::string_view::npos) return "outside";  // C code sees another name
  return {};
}

void add(Sink& sink, const Named& n) {
  std::string_view problem = problem_of(n.target);
  Fact f{"reference",
         {},
         n.place,
         std::string(n.by) + " is read from " + printable(n.target, 160) +
             (problem == "url"        ? ", over the network"
              : problem == "absolute" ? ", an absolute path"
              : problem == "outside"  ? ", outside the model's folder"
                                      : "")};
  f.set("what", n.what).set("target", n.target.substr(0, 400));
  if (!problem.empty()) f.set("problem", problem);
  f.set("format", n.format);
  sink.add(std::move(f));
}

}  // namespace parapet::reference
