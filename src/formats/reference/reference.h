#pragma once
// Another file that a model names: what a loader reads, and whether it lies where it should, beside
// the model.
#include <string>
#include <string_view>

#include "model/sink.h"

namespace parapet::reference {

// "absolute", "outside" (leads out of the model's folder), "url"; empty when the path stays inside.
std::string_view problem_of(std::string_view path);

struct Named {
  std::string_view what;  // external-data, weights, library, include …
  std::string_view target, format;
  std::string_view by;  // what names it, as "tensor w"
  Place place;
};
void add(Sink&, const Named&);

}  // namespace parapet::reference
