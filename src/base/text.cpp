#include "base/text.h"

#include <algorithm>
#include <array>

namespace parapet {

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = lower(c);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

bool contains(std::string_view text, std::string_view part) {
  // find() stops at every place of the first character, and in JSON every word begins with '"':
  // look for one that is rare.
  std::size_t rare = part.find_first_not_of(" \"'_etaoinsrldcu");
  if (rare == std::string_view::npos) return text.find(part) != std::string_view::npos;
  for (std::size_t at = text.find(part[rare], rare); at != std::string_view::npos;
       at = text.find(part[rare], at + 1))
    if (text.substr(at - rare, part.size()) == part) return true;
  return false;
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

Halves split_once(std::string_view s, std::string_view separator) {
  auto at = s.find(separator);
  if (at == std::string_view::npos) return {s, {}, false};
  return {s.substr(0, at), s.substr(at + separator.size()), true};
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    auto at = s.find(separator);
    out.push_back(s.substr(0, at));
    if (at == std::string_view::npos) return out;
    s.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& p : parts) {
    if (!out.empty()) out += separator;
    out += p;
  }
  return out;
}

std::string replace_all(std::string_view s, std::string_view from, std::string_view to) {
  std::string out;
  while (true) {
    auto at = from.empty() ? std::string_view::npos : s.find(from);
    out += s.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += to;
    s.remove_prefix(at + from.size());
  }
}

std::optional<std::int64_t> to_integer(std::string_view s) {
  std::int64_t v = 0;
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), v);
  if (error != std::errc{} || end != s.data() + s.size() || s.empty()) return std::nullopt;
  return v;
}

namespace {

// Length of the valid UTF-8 sequence at the start of `s`, 0 when there is none.
std::size_t utf8_length(std::string_view s, std::uint32_t& code_point) {
  auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(s[i]));
  };
  std::uint32_t b = byte(0);
  if (b < 0x80) {
    code_point = b;
    return 1;
  }
  std::size_t n = b >= 0xF0 && b < 0xF5 ? 4 : b >= 0xE0 ? 3 : b >= 0xC2 ? 2 : 0;
  if (n == 0 || b >= 0xF5 || s.size() < n) return 0;
  std::uint32_t v = b & (0x7FU >> n);
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    v = v << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000)) return 0;
  code_point = v;
  return n;
}

}  // namespace

bool is_deceptive(std::uint32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F) ||
         (c >= 0x80 && c < 0xA0) || c == 0xAD;
}

std::uint32_t take_code_point(std::string_view& s) {
  std::uint32_t c = 0xFFFD;
  s.remove_prefix(std::max<std::size_t>(utf8_length(s, c), 1));
  return c;
}

namespace {

void append_escape(std::string& out, std::string_view prefix, std::uint32_t v, int digits) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += prefix;
  std::string number;
  for (int shift = 28; shift >= 0; shift -= 4) {
    char digit = hex[v >> static_cast<unsigned>(shift) & 0xFU];
    if (!number.empty() || digit != '0' || shift < digits * 4) number += digit;
  }
  out += number;
}

}  // namespace

bool is_utf8(std::string_view s) {
  while (!s.empty()) {
    std::uint32_t c = 0;
    auto n = utf8_length(s, c);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  return true;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  auto put = [&](std::uint32_t b) { out += static_cast<char>(b); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | c >> 6U), put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | c >> 12U), put(0x80U | (c >> 6U & 0x3FU)), put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | c >> 18U), put(0x80U | (c >> 12U & 0x3FU));
    put(0x80U | (c >> 6U & 0x3FU)), put(0x80U | (c & 0x3FU));
  }
}

bool looks_like_text(Bytes bytes) {
  auto s = as_text(bytes.first(std::min<std::size_t>(bytes.size(), 4096)));
  std::size_t odd = 0;
  std::size_t seen = 0;
  while (!s.empty()) {
    std::size_t plain = 0;  // most of most texts
    while (plain < s.size() && (s[plain] >= 0x20 || s[plain] == '\n' || s[plain] == '\t')) ++plain;
    seen += plain;
    s.remove_prefix(plain);
    if (s.empty()) break;
    std::uint32_t c = 0;
    auto n = utf8_length(s, c);
    if (n == 0 && s.size() < 4 && bytes.size() > 4096) break;  // a sequence cut by the window
    if (c == 0 && n == 1) return false;
    if (n == 0 || (c < 0x20 && !is_space(static_cast<char>(c)) && c != 0x1B && c != 8)) ++odd;
    ++seen;
    s.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return odd * 50 <= seen;
}

std::string printable(std::string_view s, std::size_t limit) {
  std::string out;
  std::size_t taken = 0;
  while (!s.empty()) {
    if (taken >= limit) return out + "\xE2\x80\xA6";
    std::uint32_t c = 0;
    auto n = utf8_length(s, c);
    if (n == 0) {
      append_escape(out, "\\x", static_cast<unsigned char>(s[0]), 2);
      n = 1;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c < 0x20 || c == 0x7F) {
      append_escape(out, "\\x", c, 2);
    } else if (is_deceptive(c)) {
      append_escape(out, "\\u{", c, 4);
      out += '}';
    } else {
      out += s.substr(0, n);
    }
    taken += n;
    s.remove_prefix(n);
  }
  return out;
}

std::string redacted(std::string_view secret) {
  if (secret.size() < 12) return "[redacted]";
  return printable(secret.substr(0, 4)) + "\xE2\x80\xA6" +
         printable(secret.substr(secret.size() - 2));
}

bool glob_matches(std::string_view pattern, std::string_view path) {
  // One point of return for the last '*' and one for the last '**': at most |pattern| * |path|^2.
  constexpr std::size_t none = std::string_view::npos;
  struct Return {
    std::size_t pattern = none, path = 0;
  } shallow, deep;
  std::size_t p = 0;
  std::size_t s = 0;
  while (s < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      bool is_deep = p + 1 < pattern.size() && pattern[p + 1] == '*';
      p += is_deep ? 2 : 1;
      if (is_deep && p < pattern.size() && pattern[p] == '/') ++p;
      (is_deep ? deep : shallow) = {p, s};
      if (is_deep) shallow = {};
    } else if (p < pattern.size() &&
               (pattern[p] == path[s] || (pattern[p] == '?' && path[s] != '/'))) {
      ++p;
      ++s;
    } else if (shallow.pattern != none && path[shallow.path] != '/') {
      p = shallow.pattern;
      s = ++shallow.path;
    } else if (deep.pattern != none) {
      p = deep.pattern;
      s = ++deep.path;
      shallow = {};
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string_view file_name(std::string_view path) {
  auto at = path.find_last_of("/\\");
  return at == std::string_view::npos ? path : path.substr(at + 1);
}

std::string extension(std::string_view path) {
  auto name = file_name(path);
  auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : lower(name.substr(dot + 1));
}

LineIndex::LineIndex(std::string_view text) : starts_{0} {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    starts_.push_back(at + 1);
}

LineColumn LineIndex::at(std::uint64_t offset) const {
  auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  auto line = static_cast<std::uint32_t>(next - starts_.begin());
  return {line, static_cast<std::uint32_t>(offset - starts_[line - 1]) + 1};
}

std::uint64_t LineIndex::start_of(std::uint32_t line) const {
  if (line == 0) return 0;
  return starts_[std::min<std::size_t>(line, starts_.size()) - 1];
}

namespace {

// Columns are counted from the line's start; far into a minified line they count bytes, so that
// many places on one line cost no more than their number.
std::uint32_t column_at(std::string_view text, std::uint64_t line_start, std::uint64_t offset) {
  constexpr std::uint64_t far = 1U << 16U;
  auto before = text.substr(line_start, std::min(offset - line_start, far));
  std::uint64_t column = 1 + (offset - line_start - before.size());
  while (!before.empty()) take_code_point(before), ++column;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(column, 0x7FFFFFFF));
}

}  // namespace

TextRegion LineIndex::region(std::string_view text, std::uint64_t offset,
                             std::uint64_t length) const {
  offset = std::min<std::uint64_t>(offset, text.size());
  auto end = offset + std::min<std::uint64_t>(length, text.size() - offset);
  TextRegion r;
  r.line = at(offset).line;
  r.column = column_at(text, start_of(r.line), offset);
  r.end_line = at(end).line;
  r.end_column = column_at(text, start_of(r.end_line), end);
  return r;
}

}  // namespace parapet
