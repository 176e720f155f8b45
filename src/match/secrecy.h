#pragma once
// Tells a secret from what only stands where a secret would: entropy, placeholders, checksums.
#include <optional>
#include <string>
#include <string_view>

namespace parapet {

// Shannon entropy in bits per character.
double entropy(std::string_view s);

// A reference (${VAR}, {{ x }}, <token>, os.environ…), a value that documentation shows
// ("your-api-key", "xxxx", "AKIA…EXAMPLE") or one with no secret in it ("aaaa", "12345678").
bool is_stand_in(std::string_view value);
// A variable of this name holds no secret: REDACTED_VALUE, fake_key.
bool names_stand_in(std::string_view variable);

// Letters and digits mixed as in a generated value: not words, a path, a file or an identifier.
bool looks_random(std::string_view value);

// Standard and URL-safe alphabet, padding optional; nothing when a character is of neither.
std::optional<std::string> base64_decoded(std::string_view s, std::size_t limit);

// "ghp_" + 30 characters + 6 characters of CRC-32 in base 62 (0-9A-Za-z), as GitHub and npm make
// them.
bool has_github_checksum(std::string_view token);

bool is_jwt(std::string_view token);

}  // namespace parapet
