#pragma once
// A dialect knows a meaning: what documents or processes say in their product's terms.
// To add one: write src/dialects/NAME.cpp that defines `extern const Dialect NAME`.
#include <span>
#include <string_view>

#include "model/artifact.h"
#include "model/sink.h"

namespace parapet {

struct Dialect {
  std::string_view name;
  std::string_view title;  // one line for `parapet formats`
  // Reads the documents of one artifact (all of a multi-document YAML at once, so that they can be
  // joined). Looks at their content, not only at the name; does nothing when they are not its own.
  // May be null.
  void (*read)(const Artifact&, std::span<const Document>, Sink&);
  // Looks at the facts that formats and `read` of all dialects have put and adds what they mean: an
  // mlflow `process` is a `service`. Called once an artifact, in the order of names. May be null.
  void (*understand)(const Artifact&, Sink&);
};

std::span<const Dialect* const> all_dialects();

}  // namespace parapet
