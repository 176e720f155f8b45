#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace parapet {

// Standard and URL-safe alphabets, white space and padding ignored; nothing when another character
// stands in it.
std::optional<std::string> decode_base64(std::string_view s);

}  // namespace parapet
