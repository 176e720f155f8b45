#include "model/commands.h"

#include <algorithm>

#include "base/text.h"
#include "model/process.h"

namespace parapet {
namespace {

bool is_builtin(std::string_view program) {
  for (std::string_view b :
       {"for",   "case",   "select", "function", "in",      "[",        "[[",    "((",
        "test",  "cd",     "echo",   "printf",   "export",  "set",      "local", "return",
        "exit",  "shift",  "read",   "true",     "false",   ":",        "unset", "trap",
        "wait",  "alias",  "break",  "continue", "declare", "readonly", "pushd", "popd",
        "umask", "ulimit", "shopt",  "type",     "hash",    "getopts",  "let"})
    if (program == b) return true;
  return false;
}

bool is_downloader(std::string_view program) {
  return program == "curl" || program == "wget" || program == "fetch" || program == "aria2c";
}

bool is_interpreter(std::string_view program) {
  for (std::string_view i :
       {"sh", "bash", "dash", "zsh", "ash", "ksh", "python", "perl", "ruby", "node", "php"})
    if (program == i) return true;
  return false;
}

}  // namespace

std::vector<std::int32_t> add_processes(Sink& sink, const CommandText& source) {
  std::vector<std::int32_t> out;
  std::vector<SimpleCommand> commands = split_commands(source.text, source.env);
  std::vector<Process> processes;
  processes.reserve(commands.size());
  for (const SimpleCommand& c : commands) {
    if (!sink.next()) return out;
    std::vector<Assignment> env = source.given;
    env.insert(env.end(), c.assignments.begin(), c.assignments.end());
    processes.push_back(understand(c.words, env));
  }
  for (std::size_t i = 0; i < commands.size() && sink.next(); ++i) {
    const SimpleCommand& c = commands[i];
    const Process& p = processes[i];
    if (p.program.empty() || is_builtin(p.program)) continue;
    std::string_view line =
        c.offset < source.text.size() ? source.text.substr(c.offset, c.length) : std::string_view();
    Fact f = process_fact(p, line, source.via, source.place(c.offset, c.length));
    f.of = source.of;
    std::size_t to = c.piped_into >= 0 ? static_cast<std::size_t>(c.piped_into) : i;
    if (to != i && to < processes.size()) f.set("piped_into", processes[to].program);
    out.push_back(sink.add(std::move(f)));
    // curl … | sh, and sh -c "$(curl …)" or bash <(curl …) right before the shell that runs it.
    bool piped = to != i && to < processes.size() && is_interpreter(processes[to].program);
    bool substituted =
        c.substituted && i + 1 < processes.size() && is_interpreter(processes[i + 1].program);
    if (!is_downloader(p.program) || (!piped && !substituted)) continue;
    Fact code{"code",
              {},
              source.place(c.offset, c.length),
              "what is downloaded is run at once: " + printable(line, 160)};
    code.set("what", "pipe-to-shell").set("text", line.substr(0, 1000));
    code.of = out.back();
    sink.add(std::move(code));
  }
  return out;
}

}  // namespace parapet
