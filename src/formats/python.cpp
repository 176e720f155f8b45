// Python source, and the Python-like code inside TorchScript archives (PATH/code/*.py).
// https://docs.python.org/3/reference/grammar.html
#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "formats/format.h"
#include "formats/python/facts.h"
#include "model/commands.h"

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

// A notebook kept as Python marks its cells by "# %%" (jupytext, VS Code, Spyder); what IPython
// would run as a command is a comment there: "# !pip install torch", "# %pip install torch".
void read_cell_commands(std::string_view text, const LineIndex& lines, Sink& sink) {
  if (!text.starts_with("# %%") && !contains(text, "\n# %%")) return;
  std::string shell;
  std::vector<std::pair<std::size_t, std::size_t>> starts;  // in `shell`, in `text`
  for (std::size_t at = 0; at < text.size() && sink.next();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    std::size_t from = line.starts_with("# !") ? 3 : 0;
    if (line.starts_with("# %pip ") || line.starts_with("# %conda ")) from = 3;
    if (from != 0) {
      starts.emplace_back(shell.size(), at + from);
      shell += line.substr(from);
      shell += '\n';
    }
    at = end + 1;
  }
  if (shell.empty()) return;
  add_processes(sink, {shell, "notebook", [&](std::size_t offset, std::size_t length) {
                         auto it = std::upper_bound(
                             starts.begin(), starts.end(), offset,
                             [](std::size_t o, const auto& start) { return o < start.first; });
                         if (it == starts.begin()) return Place{};
                         std::size_t in_text =
                             std::prev(it)->second + offset - std::prev(it)->first;
                         LineColumn place = lines.at(in_text);
                         return Place{in_text, length, place.line, place.column, {}};
                       }});
}

bool recognises(const Artifact& a) {
  if (is_cell(a)) return false;
  std::string e = extension(a.name);
  bool named = e == "py" || e == "pyw" || e == "pyi";
  return (named || has_python_shebang(as_text(a.bytes))) && a.is_text();
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
  if (!script) read_cell_commands(text, lines, sink);
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
