#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// YAML 1.1 as libyaml reads it, all documents of the text. Aliases are expanded within a bound of
// nodes (a "billion laughs" is a problem, not memory), and "<<" merges are applied. Scalars keep
// their text; only an unquoted null, ~ or nothing is Type::null. Tags of the core schema are
// dropped, others kept in Node::tag with "tag:yaml.org,2002:" written as "!!".
Parsed parse_yaml(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
