#pragma once
// parapet.toml: the options of a command, under a table of its name. The command line wins.
#include <span>

#include "commands/command.h"

namespace parapet::commands {

// Adds to `a` what the file sets and the command line does not. Reads --config FILE, else
// ./parapet.toml where there is one (never a file of the target that is scanned: it belongs to
// whoever wrote the target). An unknown key is an error that lists the known ones.
Result<Arguments> with_config(Arguments a, std::string_view command,
                              std::span<const Option> options);

}  // namespace parapet::commands
