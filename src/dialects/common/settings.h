#pragma once
// Lines of a product's configuration file as `setting` facts.
#include <string_view>

#include "model/sink.h"

namespace parapet::dialects {

// Every scalar below `node`, its key dotted behind `prefix`. Values of secret-named keys are in
// `value`, never in what is shown.
void add_settings(const Node& node, std::string_view product, std::string_view prefix, Sink& sink);
void add_setting(std::string_view product, std::string_view key, const Node& value, Sink& sink);

}  // namespace parapet::dialects
