#pragma once
// What a piece of shell text says: a `process` fact per program that it starts, and a `code` fact
// where downloaded text is handed to an interpreter.
#include <functional>
#include <string_view>
#include <vector>

#include "base/shell.h"
#include "model/sink.h"

namespace parapet {

struct CommandText {
  std::string_view text;
  std::string_view via;                                                // of the process facts
  std::function<Place(std::size_t offset, std::size_t length)> place;  // of a part of the text
  std::int32_t of = -1;
  Environment env = {};                // variables that are known to hold a value
  std::vector<Assignment> given = {};  // the environment that the processes get, put as env.NAME
};

// Indices of the process facts added. Shell builtins (cd, echo, export ...) are not processes.
std::vector<std::int32_t> add_processes(Sink& sink, const CommandText& commands);

}  // namespace parapet
