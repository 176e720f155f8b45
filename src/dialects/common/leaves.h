#pragma once
// A tree as one fact: every scalar below a node becomes an attribute, its name the dotted way to
// it. Items of a list share their list's name. What rules ask of a resource, an object or a
// configuration file is then data: `spec.template.privileged: true`, `auth.enabled: {exists:
// false}`.
#include <string_view>

#include "model/document.h"
#include "model/fact.h"
#include "model/sink.h"

namespace parapet::dialects {

inline constexpr std::size_t max_leaves = 2000;  // of one fact

// Adds the leaves below `node` to `fact`. `known` says of a scalar whether its text is its value;
// null: one with a variable ("${X}", "{{ x }}") in it is not, unless it is a text of several words.
// An empty list or map is an attribute with the value "[]" or "{}". A fact that holds only a part
// of the leaves gets `complete` no: an absent one proves nothing then, and the artifact counts as
// partly scanned.
using Known = bool (*)(const Node&);
void add_leaves(Fact& fact, const Node& node, Sink& sink, Known known = nullptr);

}  // namespace parapet::dialects
