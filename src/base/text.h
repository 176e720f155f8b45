#pragma once
// Small text functions over views. ASCII only where letters are compared: what is scanned names
// programs, keys and flags in ASCII.
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace parapet {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_word(char c) { return is_alpha(c) || is_digit(c) || c == '_'; }
// 0 to 63, of the standard and the URL-safe alphabet (RFC 4648); -1: neither.
constexpr int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

std::string lower(std::string_view s);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool contains(std::string_view text, std::string_view part);
std::string_view trim(std::string_view s);
// The part before the first `separator`, and the rest after it (empty when there is none).
struct Halves {
  std::string_view before, after;
  bool found = false;
};
Halves split_once(std::string_view s, std::string_view separator);
std::vector<std::string_view> split(std::string_view s, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string_view s, std::string_view from, std::string_view to);

// Decimal; nothing when `s` is not wholly a number that fits.
std::optional<std::int64_t> to_integer(std::string_view s);

// Is this text a person could read: valid UTF-8 (or Latin letters), hardly any control characters?
// Looks at the first 4 KiB only.
bool looks_like_text(Bytes bytes);
bool is_utf8(std::string_view s);
// Takes one character from the front of a text that is not empty; an invalid byte gives U+FFFD.
std::uint32_t take_code_point(std::string_view& s);
// Controls beyond ASCII, and characters that change how the text around them is shown (direction,
// line separators) or show as nothing.
bool is_deceptive(std::uint32_t code_point);
void append_utf8(std::string& out, std::uint32_t code_point);  // surrogates become U+FFFD

// Readable form of bytes from a file: control characters, bidirectional overrides and invalid
// UTF-8 become \xNN or \u{N}; cut after `limit` bytes with an ellipsis. Never longer than
// 6 * limit.
std::string printable(std::string_view s, std::size_t limit = 200);

// A secret as a report may show it: first 4 and last 2 characters at most, nothing of short ones.
std::string redacted(std::string_view secret);

// Shell-style pattern: * within a path segment, ** across, ? one character.
bool glob_matches(std::string_view pattern, std::string_view path);

// "models/a.zip!/b/c.pkl" -> "c.pkl"; both '/' and '\\' separate.
std::string_view file_name(std::string_view path);
// Lower-case extension without the dot: "c.tar.gz" -> "gz".
std::string extension(std::string_view path);

// Where an offset lies in a text: both from 1; columns count bytes.
struct LineColumn {
  std::uint32_t line = 1, column = 1;
};
// A stretch of a text as an editor counts it: lines and columns from 1, columns in code points, the
// end just after the last character. All 0 when the bytes are not text.
struct TextRegion {
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
};
// Finds lines by offset in O(log n) after one pass over the text.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  LineColumn at(std::uint64_t offset) const;
  std::uint64_t start_of(std::uint32_t line) const;  // the offset of a line's first byte
  std::uint32_t lines() const { return static_cast<std::uint32_t>(starts_.size()); }
  // `text` is the one that this index was made from; offsets past its end mean its end.
  TextRegion region(std::string_view text, std::uint64_t offset, std::uint64_t length) const;

 private:
  std::vector<std::uint64_t> starts_;
};

}  // namespace parapet
