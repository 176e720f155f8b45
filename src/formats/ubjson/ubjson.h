#pragma once
// Universal Binary JSON into a tree: a marker a value, numbers big-endian, "[$type#count" for
// arrays of one type. Such arrays of numbers are kept by their length only: Node::tag says
// "numbers", text how many. https://ubjson.org/type-reference/
#include "model/document.h"
#include "model/sink.h"

namespace parapet::ubjson {

// Reads one value; a problem fails the cursor. At most `most_nodes` nodes are built.
Node read(Cursor& cursor, Sink& sink, std::size_t most_nodes = 500'000);

}  // namespace parapet::ubjson
