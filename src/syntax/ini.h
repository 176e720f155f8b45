#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// Lines of KEY=value in all their families: INI (configparser, git config), Java .properties, .env,
// systemd units, pip.conf. Sections are maps in the root map, named without brackets and quotes;
// what stands before the first section is in the root map itself. Repeated keys and sections are
// kept in order. Quotes around a value are taken off; a backslash at the end and, as configparser
// has it, an indented line without '=' go on with the value. A key without a value is null.
Parsed parse_ini(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
