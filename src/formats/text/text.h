#pragma once
// What the text formats share: recognising by name, giving a tree to the dialects, and saying
// calmly when a file is a template of its syntax rather than the syntax itself.
#include <initializer_list>
#include <string>
#include <string_view>

#include "model/artifact.h"
#include "model/sink.h"
#include "syntax/parsed.h"

namespace parapet::text {

// Is this text, not longer than what a tree is built of, with one of these extensions or file
// names?
bool named(const Artifact& artifact, std::initializer_list<std::string_view> extensions,
           std::initializer_list<std::string_view> names = {});

using Parse = Parsed (*)(std::string_view, const KeepGoing&);

// Parses, puts the documents and what is odd about them. Text that does not parse but holds
// template marks ({{ }}, {% %}) is read once more with the marks blanked out.
void read(const Artifact& artifact, Sink& sink, std::string_view kind, Parse parse);

// Characters that show as nothing or turn the reading direction: anomaly hidden-text.
void report_hidden_text(const Artifact& artifact, Sink& sink);

// Template marks replaced by text of the same length that holds no syntax: "${x}" where a value
// stands, blanks where a line holds nothing else. Empty when there is no mark.
std::string without_templates(std::string_view text);

}  // namespace parapet::text
