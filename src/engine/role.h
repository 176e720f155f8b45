#pragma once
#include <string_view>

namespace parapet {

// What an artifact is for, by its path inside the target: "example", "test", "docs", "deploy",
// "ci", or "" when the path does not say. Rules lower what stands in examples, tests and docs.
std::string_view role_of(std::string_view path);

}  // namespace parapet
