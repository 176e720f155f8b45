#pragma once
// A format knows a syntax: bytes to facts, children and document trees.
// To add one: write src/formats/NAME.cpp that defines `extern const Format NAME`, and give it cases
// in tests/formats/NAME/. Nothing else is edited.
#include <span>
#include <string_view>

#include "model/artifact.h"
#include "model/sink.h"

namespace parapet {

struct Format {
  std::string_view name;
  unsigned
      version;  // raise when parse's facts change: cached results of older versions are dropped
  std::string_view title;  // one line for `parapet formats`
  std::string_view spec;   // where the layout is defined
  // By content first, by name only where the content has no mark. Cheap: reads at most the first
  // 4 KiB and the last 66 KiB. Every format that says yes is run, since a polyglot says yes twice.
  bool (*recognises)(const Artifact&);
  void (*parse)(const Artifact&, Sink&);
};

std::span<const Format* const> all_formats();

}  // namespace parapet
