#pragma once
// Shell command lines as Dockerfiles, Compose files, pods, units, CI steps and scripts hold them:
// enough of POSIX sh and bash to know which programs run with which words. Nothing is executed.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parapet {

// What variables are known to hold.
using Environment = std::map<std::string, std::string, std::less<>>;

struct Word {
  std::string text;                    // quotes off, known variables resolved
  std::size_t offset = 0, length = 0;  // in the text that was split
  bool known = true;  // false: holds a variable or substitution that is not resolvable
  bool quoted = false;
};

struct Assignment {
  std::string name;
  Word value;
};

struct SimpleCommand {
  std::vector<Word> words;  // without assignments and redirections; may be empty (only assignments)
  std::vector<Assignment> assignments;
  std::vector<Word> writes_to;         // targets of > and >>
  std::size_t offset = 0, length = 0;  // of the whole command
  int piped_into = -1;                 // index of the command that reads its output
  bool substituted = false;            // stood inside $(...) or `...`
};

// All commands of a script in order: lists, pipes, subshells, function bodies, `sh -c '...'`
// unwrapped. Variables are resolved from `env`, from assignments earlier in the text, and from
// ${X:-default}.
std::vector<SimpleCommand> split_commands(std::string_view text, const Environment& env = {});

// Resolves $X, ${X}, ${X:-d}, ${X-d}, ${X:?e} in a text, as Compose and .env files do; `$$` is '$'.
Word expand(std::string_view text, const Environment& env = {});

struct Flag {
  std::string name;   // without dashes
  std::string value;  // "true" for a switch
  bool known = true;
  std::size_t offset = 0, length = 0;
};

// A command as the program it starts sees it, launchers (sudo, env, nohup, tini, `python -m`,
// `uv run`, torchrun ...) taken off.
struct Process {
  std::string program;     // base name: "mlflow"
  std::string subcommand;  // "server", of programs that have them
  std::string module;      // of `python -m`, dotted
  std::vector<Flag> flags;
  std::vector<Word> args;  // what is neither flag nor subcommand
  std::vector<Assignment> env;
  std::vector<std::string> launchers;
  bool complete = true;  // false: a word that is not known may hold further flags
};

Process understand(const std::vector<Word>& argv, const std::vector<Assignment>& env = {});
// "MLFLOW_PORT" -> a Word per element, offsets 0: for lists that were split already.
std::vector<Word> words_of(const std::vector<std::string>& argv);

}  // namespace parapet
