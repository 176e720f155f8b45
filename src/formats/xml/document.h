#pragma once
// What the formats in XML share: the tree, and what the document type asks a careless reader to do.
#include <optional>

#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::xml {

// Parses the artifact. Puts malformed and bomb anomalies, and a `reference` for each external
// entity or subset. The root as syntax/xml.h describes it; nothing when there is no element.
std::optional<Node> read(const Artifact&, Sink&, std::string_view format);

// The attribute `name` (without "@") of an element; empty when absent.
std::string_view attribute(const Node& element, std::string_view name);

}  // namespace parapet::xml
