// Python source, and the Python-like code inside TorchScript archives (PATH/code/*.py).
// https://docs.python.org/3/reference/grammar.html
#include <memory>

#include "base/text.h"
#include "formats/format.h"
#include "formats/python/facts.h"

namespace parapet::formats {
namespace {

// Cells of a notebook are read together, with the notebook, since they share their names.
bool is_cell(const Artifact& a) { return contains(a.name, ".ipynb!/"); }

bool is_torchscript(const Artifact& a) {
  auto in = a.name.rfind("!/");
  return in != std::string::npos && contains(std::string_view(a.name).substr(in), "/code/");
}

bool has_python_shebang(std::string_view s) {
  return s.starts_with("#!") &&
         contains(s.substr(0, std::min<std::size_t>(s.find('\n'), 120)), "python");
}

bool recognises(const Artifact& a) {
  if (is_cell(a)) return false;
  std::string e = extension(a.name);
  bool named = e == "py" || e == "pyw" || e == "pyi";
  return (named || has_python_shebang(as_text(a.bytes))) && looks_like_text(a.bytes);
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view text = as_text(a.bytes);
  LineIndex lines(text.substr(0, std::min(text.size(), max_python_source)));
  bool script = is_torchscript(a);
  sink.is(script ? "torchscript-code" : "python");
  python::add_python_facts({text, script ? "torchscript" : "python",
                            [&](std::size_t offset, std::size_t length) {
                              LineColumn at = lines.at(offset);
                              return Place{offset, length, at.line, at.column, {}};
                            }},
                           sink);
}

}  // namespace

extern const Format python;
const Format python{"python",
                    2,
                    "Python source and TorchScript code",
                    "https://docs.python.org/3/reference/grammar.html",
                    recognises,
                    parse};

}  // namespace parapet::formats
