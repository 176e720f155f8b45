#pragma once
// The kinds of facts there are: the rows of the table in docs/facts.md, which is built in.
#include <string_view>

namespace parapet {

bool is_fact_kind(std::string_view kind);

}  // namespace parapet
