#include "match/secrecy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace parapet {
namespace {

// Words that people write in place of a secret; anywhere in the value, any case.
constexpr std::array<std::string_view, 44> stand_ins{
    "example",   "changeme",   "change_me",  "change-me",  "changeit",    "your_",    "your-",
    "yourtoken", "yourkey",    "yourapi",    "yoursecret", "yourpass",    "<your",    "my_token",
    "my-token",  "my_api_key", "my-api-key", "my_secret",  "my-secret",   "mysecret", "placeholder",
    "dummy",     "redacted",   "insert",     "replace",    "xxxx",        "****",     "....",
    "____",      "----",       "foobar",     "not-a-real", "not_a_real",  "notareal", "fake",
    "goes-here", "goes_here",  "todo",       "fixme",      "secret_here", "deadbeef", "os.environ",
    "os.getenv", "process.env"};

// Whole values that name the thing instead of being it.
constexpr std::array<std::string_view, 31> empty_words{
    "password", "passwd",  "pass",    "pw",      "pwd",       "secret",   "token",   "apikey",
    "api_key",  "api-key", "none",    "null",    "nil",       "true",     "false",   "undefined",
    "string",   "str",     "test",    "testing", "user",      "username", "default", "required",
    "optional", "abc123",  "hunter2", "letmein", "anonymous", "empty",    "mytoken"};

// Parts of the names of variables that hold what stands in for a secret.
constexpr std::string_view stand_in_names[] = {"redacted", "placeholder", "blanking", "masked",
                                               "dummy",    "sample",      "example",  "fake"};

bool all_of_one_kind(std::string_view v) {
  std::array<bool, 256> seen{};
  int distinct = 0;
  for (char c : v)
    if (!std::exchange(seen[static_cast<unsigned char>(lower(c))], true)) ++distinct;
  return distinct <= (v.size() >= 16 ? 4 : 2);
}

// "abcdefgh", "12345678": the longest run of neighbours.
std::size_t longest_sequence(std::string_view v) {
  std::size_t longest = 1;
  std::size_t run = 1;
  for (std::size_t i = 1; i < v.size(); ++i) {
    char a = lower(v[i - 1]);
    char b = lower(v[i]);
    bool follows = b == a + 1 || (a == '9' && (b == '0' || b == 'a'));
    run = follows ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_reference(std::string_view v) {
  if (v.starts_with('$') || v.starts_with('%') || v.starts_with('<') || v.starts_with('!'))
    return true;
  if (v.starts_with('{') || (v.starts_with('[') && v.ends_with(']'))) return true;
  for (std::string_view mark :
       {"${", "{{", "$(", "%(", "}}", "#{", "\xE2\x80\xA6", "...", "<%", "/run/secrets"})
    if (contains(v, mark)) return true;
  return v.starts_with("import(") || v.starts_with("require(") || v.starts_with("env:") ||
         v.starts_with("ENV[") || v.starts_with("vault:") ||
         v.starts_with("arn:aws:secretsmanager") || v.starts_with("ssm:") ||
         v.starts_with("os.environ") || v.starts_with("secretKeyRef") || v.starts_with("ENC[");
}

// settings.apiKey, core_1.Flags.string: where code takes the value from.
bool is_member_access(std::string_view v) {
  constexpr std::size_t longest_name = 24;
  std::size_t parts = 0;
  std::size_t digits = 0;
  for (std::string_view part : split(v, '.')) {
    ++parts;
    if (part.empty() || part.size() > longest_name || is_digit(part[0])) return false;
    for (char c : part) {
      if (!is_word(c)) return false;
      digits += is_digit(c) ? 1U : 0U;
    }
  }
  return parts >= 2 && digits <= 2;
}

}  // namespace

bool names_stand_in(std::string_view variable) {
  std::string low = lower(variable);
  return std::any_of(std::begin(stand_in_names), std::end(stand_in_names),
                     [&](std::string_view word) { return contains(low, word); });
}

double entropy(std::string_view s) {
  std::array<std::uint32_t, 256> counts{};
  for (char c : s) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  auto n = static_cast<double>(s.size());
  for (auto count : counts)
    if (count != 0) bits -= count / n * std::log2(count / n);
  return bits;
}

bool is_stand_in(std::string_view value) {
  value = trim(value);
  if (value.empty() || is_reference(value) || is_member_access(value) || all_of_one_kind(value))
    return true;
  if (value.size() > 256) return false;  // by chance a long value holds any short word
  std::string low = lower(value);
  if (std::find(empty_words.begin(), empty_words.end(), low) != empty_words.end()) return true;
  for (auto word : stand_ins)
    if (contains(low, word)) return true;
  std::size_t run = longest_sequence(low);
  return run >= 8 || (run >= 6 && run * 2 > low.size());
}

bool looks_random(std::string_view v) {
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t changes = 0;  // between letters, digits and the rest
  char before = 0;
  for (char c : v) {
    char now = is_digit(c) ? 'd' : is_alpha(c) ? (c == lower(c) ? 'l' : 'u') : 's';
    digits += now == 'd';
    letters += now == 'l' || now == 'u';
    changes += before != 0 && now != before;
    before = now;
    if (c == '/' || c == '\\' || c == ' ' || c == '(' || c == ')' || c == '<' || c == '>' ||
        c == '[' || c == '{')
      return false;
  }
  if (digits == 0 || letters == 0) return false;
  // A version, a date or a numbered word ("model-v2-2024", "bert_base_uncased_12") changes seldom
  // for its length; generated values change in about every second place.
  if (changes * 3 < v.size()) return false;
  return !v.ends_with(".json") && !v.ends_with(".txt") && !v.ends_with(".py");
}

std::optional<std::string> base64_decoded(std::string_view s, std::size_t limit) {
  while (!s.empty() && s.back() == '=') s.remove_suffix(1);
  std::string out;
  out.reserve(std::min(limit, s.size() / 4 * 3 + 3));
  std::uint32_t bits = 0;
  unsigned have = 0;
  for (char c : s) {
    int v = base64_value(c);
    if (v < 0) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(v);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> have & 0xFFU);
    if (out.size() >= limit) break;
  }
  return out;
}

bool has_github_checksum(std::string_view token) {
  auto underscore = token.find('_');
  if (underscore == std::string_view::npos || token.size() - underscore - 1 < 7) return false;
  auto body = token.substr(underscore + 1);
  auto sum = body.substr(body.size() - 6);
  body.remove_suffix(6);
  std::uint64_t want = 0;
  for (char c : sum) {
    int digit = is_digit(c)            ? c - '0'
                : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                : c >= 'a' && c <= 'z' ? c - 'a' + 36
                                       : -1;
    if (digit < 0) return false;
    want = want * 62 + static_cast<std::uint64_t>(digit);
  }
  return want == crc32(body);
}

bool is_jwt(std::string_view token) {
  auto header = base64_decoded(token.substr(0, token.find('.')), 1024);
  return header && header->starts_with('{') && contains(*header, "\"alg\"");
}

}  // namespace parapet
