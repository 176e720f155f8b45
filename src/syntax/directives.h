#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// Configuration of one directive a line: nginx (`name args;` and `name args { … }`), mosquitto,
// sshd, redis, haproxy (`name args`). A directive is a key with the rest as its text; a block is a
// map whose own arguments stand under the key "" in front. Repeated directives are kept in order.
Parsed parse_directives(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
