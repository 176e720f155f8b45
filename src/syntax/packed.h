#pragma once
// Trees that the build read from our own YAML (rules, knowledge), so that a start does not read it
// again: a node is type, flags, text, tag, place and children, numbers in base 128. Written by
// tools/pack_yaml.cpp, never read from outside the program.
#include <string>
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

std::string pack(const Node& root);
// What pack() wrote; a problem where it is cut short.
Parsed unpack(std::string_view packed);

}  // namespace parapet
