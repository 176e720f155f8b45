#pragma once
#include <string_view>

#include "model/sink.h"

namespace parapet::jinja {

// Reads a template and puts the fact `template`. `place` is where its text stands; offsets inside
// are added when the text stands there byte for byte.
void add_template(Sink& sink, std::string_view name, std::string_view text, const Place& place,
                  bool verbatim);

}  // namespace parapet::jinja
