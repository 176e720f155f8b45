#include "base/secret_names.h"

#include <algorithm>

#include "base/text.h"

namespace parapet {
namespace {

constexpr std::string_view secret_parts[] = {
    "password",   "passwd",        "secret",         "token",         "apikey",
    "api_key",    "access_key",    "auth_key",       "passphrase",    "private_key",
    "credential", "authorization", "account_key",    "client_secret", "fernet_key",
    "salt_key",   "master_key",    "encryption_key", "_pwd",          "sas_url"};
// Names that hold such a part and are no secret.
constexpr std::string_view harmless_parts[] = {
    "tokenizer", "max_token", "token_limit", "num_token",  "tokens",      "_file",     "_path",
    "_name",     "secret_id", "public",      "token_url",  "token_type",  "token_uri", "_ttl",
    "expir",     "_dir",      "disable",     "enable",     "_url",        "_header",   "token_len",
    "_mode",     "_provider", "_type",       "_manager",   "_length",     "_required", "policy",
    "_hash",     "bos_token", "eos_token",   "pad_token",  "image_token", "_ref",      "_arn",
    "_enabled",  "backend",   "token_count", "secretname", "secret_name", "_key_name", "_minutes",
    "_seconds",  "_lifetime"};

std::string normalised(std::string_view name) {
  std::string out = lower(name);
  std::replace(out.begin(), out.end(), '-', '_');
  std::replace(out.begin(), out.end(), '.', '_');
  return out;
}

}  // namespace

bool secret_named(std::string_view name) {
  if (name.size() > 200) return false;
  // Of "model_list.litellm_params.api_key" the last part counts.
  if (auto dot = name.rfind('.'); dot != std::string_view::npos && dot + 1 < name.size())
    name.remove_prefix(dot + 1);
  std::string n = normalised(name);
  for (std::string_view h : harmless_parts)
    if (contains(n, h)) return false;
  if (n == "key" || n == "pass" || n == "pwd" || n == "auth" || n.ends_with("_pass") ||
      n.ends_with("_key"))
    return true;
  return std::any_of(std::begin(secret_parts), std::end(secret_parts),
                     [&](std::string_view p) { return contains(n, p); });
}

bool is_placeholder(std::string_view value) {
  std::string v = lower(trim(value));
  if (v.empty() || v == "none" || v == "null" || v == "true" || v == "false" || v == "~")
    return true;
  if (v.starts_with("bearer ")) return is_placeholder(v.substr(7));
  if (v.starts_with("file:") || v.starts_with("env:") || v.starts_with("os.environ")) return true;
  for (std::string_view mark :
       {"${", "{{", "$(", "<", "your", "change", "replace", "placeholder", "example", "xxxx",
        "****", "...", "todo", "fixme", "dummy", "redacted", "insert", "input:"})
    if (contains(v, mark)) return true;
  if (v.starts_with('$') || v.starts_with('%')) return true;
  return std::all_of(v.begin(), v.end(), [&](char c) { return c == v[0]; });
}

std::string without_secrets(std::string_view line, std::size_t limit) {
  std::string out(line.substr(0, std::min<std::size_t>(line.size(), 4 * limit)));
  // scheme://user:password@host
  for (std::size_t at = out.find("://"); at != std::string::npos; at = out.find("://", at + 3)) {
    std::size_t end = out.find_first_of("/ \t\"'?#", at + 3);
    if (end == std::string::npos) end = out.size();
    std::size_t host = out.rfind('@', end);
    std::size_t colon = out.find(':', at + 3);
    if (host == std::string::npos || host < at + 3 || colon == std::string::npos || colon > host)
      continue;
    out.replace(colon + 1, host - colon - 1,
                redacted(std::string_view(out).substr(colon + 1, host - colon - 1)));
  }
  // NAME=value, --name=value, --name value, "Name: value"
  for (std::size_t i = 0; i < out.size();) {
    while (i < out.size() && !is_word(out[i])) ++i;
    std::size_t start = i;
    while (i < out.size() && (is_word(out[i]) || out[i] == '-' || out[i] == '.')) ++i;
    std::string_view name = std::string_view(out).substr(start, i - start);
    bool flag = start >= 2 && out[start - 1] == '-';
    std::size_t sign = std::min(out.find_first_not_of(' ', i), out.size());
    bool assigned = sign < out.size() && (out[sign] == '=' || out[sign] == ':');
    if (i >= out.size() || !secret_named(name) || !(assigned || (out[i] == ' ' && flag))) continue;
    std::size_t value = assigned ? sign + 1 : i + 1;
    while (value < out.size() && (out[value] == ' ' || out[value] == '"' || out[value] == '\''))
      ++value;
    std::size_t end = std::min(out.find_first_of(" \t\n\"'", value), out.size());
    if (std::string_view(out).substr(value, end - value) == "Bearer") {
      value = std::min(end + 1, out.size());
      end = std::min(out.find_first_of(" \t\n\"'", value), out.size());
    }
    std::string_view secret = std::string_view(out).substr(value, end - value);
    if (secret.empty() || secret[0] == '-' || is_placeholder(secret)) continue;
    std::string shown = redacted(secret);
    i = value + shown.size();
    out.replace(value, end - value, shown);
  }
  return printable(out, limit);
}

}  // namespace parapet
