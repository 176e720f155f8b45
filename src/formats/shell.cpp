// Shell scripts and the recipes of Makefiles: the programs that they start.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
#include "formats/format.h"
#include "formats/text/text.h"
#include "model/commands.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 4U << 20U;  // bytes of a script that is read as one

bool is_makefile(const Artifact& a) {
  return text::named(a, {"mk", "mak"},
                     {"Makefile", "GNUmakefile", "makefile", "justfile", "Procfile"});
}

bool has_shell_shebang(std::string_view s) {
  if (!s.starts_with("#!")) return false;
  std::string_view line = s.substr(0, std::min<std::size_t>(s.find('\n'), 120));
  for (std::string_view shell : {"/sh", "/bash", "/dash", "/zsh", "/ksh", " sh", " bash", " zsh"})
    if (trim(line).ends_with(shell) || contains(line, std::string(shell) + " ")) return true;
  return false;
}

bool recognises(const Artifact& a) {
  return text::named(a, {"sh", "bash", "zsh", "ksh"},
                     {".bashrc", ".bash_profile", ".profile", ".zshrc", ".envrc"}) ||
         is_makefile(a) || (has_shell_shebang(as_text(a.bytes)) && a.is_text());
}

// A Makefile's rules with everything but recipe lines blanked out, so that offsets stay. "@" and
// "-" before a command and make's own $(VARIABLES) are not the shell's.
std::string recipes(std::string_view text, bool procfile) {
  std::string out(text);
  bool goes_on = false;
  for (std::size_t i = 0; i < out.size();) {
    std::size_t end = std::min(out.find('\n', i), out.size());
    bool recipe = goes_on || (text[i] == '\t' || (procfile && is_alpha(text[i])) ||
                              text.substr(i).starts_with("    "));
    std::size_t command = i;
    if (procfile)
      command = std::min(out.find(':', i) == std::string::npos ? end : out.find(':', i) + 1, end);
    while (command < end &&
           (is_space(out[command]) || (!goes_on && (out[command] == '@' || out[command] == '-'))))
      ++command;
    if (!recipe) command = end;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(i),
              out.begin() + static_cast<std::ptrdiff_t>(command), ' ');
    goes_on = recipe && end > i && out[end - 1] == '\\';
    i = end + 1;
  }
  // $(NAME) and $${x}: make's variables are not known, its "$$" is the shell's "$".
  for (std::size_t i = out.find("$("); i != std::string::npos; i = out.find("$(", i + 2)) {
    std::size_t close = i + 2;
    while (close < out.size() && is_word(out[close])) ++close;
    if (close < out.size() && out[close] == ')') out[i + 1] = '{', out[close] = '}';
  }
  for (std::size_t i = out.find("$$"); i != std::string::npos; i = out.find("$$", i + 2))
    out[i] = ' ';
  return out;
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view all = as_text(a.bytes);
  if (all.size() > longest) sink.partly("a script longer than 4 MiB: read up to there");
  all = all.substr(0, longest);
  bool make = is_makefile(a);
  std::string kept = make ? recipes(all, file_name(a.name) == "Procfile") : std::string();
  LineIndex lines(all);
  CommandText commands{make ? std::string_view(kept) : all, make ? "makefile" : "shell",
                       [&](std::size_t offset, std::size_t length) {
                         offset = std::min(offset, all.size());
                         LineColumn at = lines.at(offset);
                         return Place{
                             offset, std::min(length, all.size() - offset), at.line, at.column, {}};
                       }};
  sink.is(make ? "makefile" : "shell");
  add_processes(sink, commands);
  text::report_hidden_text(a, sink);
}

}  // namespace

extern const Format shell;
const Format shell{"shell",
                   1,
                   "Shell scripts and Makefile recipes",
                   "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html",
                   recognises,
                   parse};

}  // namespace parapet::formats
