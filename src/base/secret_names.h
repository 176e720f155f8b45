#pragma once
// Which names hold secrets, which values are only stand-ins, and how to show a text without them.
#include <string>
#include <string_view>

namespace parapet {

// "MLFLOW_TRACKING_PASSWORD", "hf_token", "Authorization" ... but not "TOKENIZER" or
// "PASSWORD_FILE".
bool secret_named(std::string_view name);
// "", "changeme", "<your key>", "${TOKEN}", "xxxx", "{{ token }}": nothing that opens a door.
bool is_placeholder(std::string_view value);
// A secret-named variable with a value that is written out in the file.
inline bool is_literal_secret(std::string_view name, std::string_view value, bool known) {
  return known && secret_named(name) && !is_placeholder(value);
}
// Printable, cut, with passwords in URLs and values of secret-named flags and variables redacted.
std::string without_secrets(std::string_view line, std::size_t limit = 200);

}  // namespace parapet
