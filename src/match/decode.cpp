#include "match/decode.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "match/secrecy.h"

namespace parapet {
namespace {

constexpr std::size_t shortest_run = 24;  // of base64 or hex; shorter ones hold no token
constexpr std::size_t decoded_up_to = 1U << 20U;
constexpr std::size_t longest_address = 4096;  // of percent-encoded text around a sign

constexpr int hex_value(char c) {
  char l = lower(c);
  return is_digit(c) ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// The beginnings of zlib (RFC 1950, deflate with a window of 32 KiB) and gzip (RFC 1952).
bool is_compressed(std::string_view s) {
  if (s.starts_with("\x1F\x8B\x08")) return true;
  if (s.size() < 2 || s[0] != 0x78) return false;
  return (0x7800U + static_cast<unsigned char>(s[1])) % 31 == 0;
}

std::optional<std::string> inflated(std::string_view s) {
  z_stream z{};
  if (inflateInit2(&z, 15 + 32) != Z_OK) return std::nullopt;  // +32: either of both headers
  std::string in(s);
  std::string out(std::min(decoded_up_to, s.size() * 8 + 256), '\0');
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  int code = inflate(&z, Z_SYNC_FLUSH);
  out.resize(out.size() - z.avail_out);
  inflateEnd(&z);
  bool some = code == Z_STREAM_END || code == Z_OK || code == Z_BUF_ERROR;
  return some && !out.empty() && is_readable(out) ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> hex_decoded(std::string_view s, std::size_t limit) {
  std::string out;
  out.reserve(std::min(limit, s.size() / 2));
  for (std::size_t i = 0; i + 1 < s.size() && out.size() < limit; i += 2) {
    int high = hex_value(s[i]);
    int low = hex_value(s[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

using Decode = std::optional<std::string> (*)(std::string_view, std::size_t);

// The run as readable text, directly or under compression.
std::optional<EncodedRun> decoded(std::string_view run, Decode decode, std::string_view plain,
                                  std::string_view compressed) {
  auto head = decode(run.substr(0, shortest_run), 18);
  if (!head) return std::nullopt;
  bool packed = is_compressed(*head);
  if (!packed && !is_readable(*head)) return std::nullopt;
  auto whole = decode(run, decoded_up_to);
  if (whole && packed) whole = inflated(*whole);
  if (!whole) return std::nullopt;
  bool cut = whole->size() >= decoded_up_to;
  return EncodedRun{0, run.size(), std::move(*whole), packed ? compressed : plain, cut};
}

std::optional<EncodedRun> decoded_run(std::string_view run) {
  if (auto r = decoded(run, base64_decoded, "base64", "base64+zlib")) return r;
  std::size_t prefix = run.starts_with("0x") || run.starts_with("0X") ? 2 : 0;
  auto digits = run.substr(prefix);
  if (digits.size() % 2 != 0 || digits.size() < shortest_run || hex_value(digits[0]) < 0)
    return std::nullopt;
  return decoded(digits, hex_decoded, "hex", "hex+zlib");
}

bool in_address(char c) {
  return c > ' ' && c != '"' && c != '\'' && c != '<' && c != '>' && c != '`';
}

bool is_escape(std::string_view s, std::size_t at) {
  return at + 2 < s.size() && s[at] == '%' && hex_value(s[at + 1]) >= 0 &&
         hex_value(s[at + 2]) >= 0;
}

std::string percent_decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!is_escape(s, i)) {
      out += s[i];
      continue;
    }
    out += static_cast<char>(hex_value(s[i + 1]) << 4 | hex_value(s[i + 2]));
    i += 2;
  }
  return out;
}

// The address around a percent sign; `from` is where the last one ended.
EncodedRun address_around(std::string_view text, std::size_t sign, std::size_t from) {
  std::size_t begin = sign;
  std::size_t end = sign;
  while (begin > from && sign - begin < longest_address && in_address(text[begin - 1])) --begin;
  while (end < text.size() && end - sign < longest_address && in_address(text[end])) ++end;
  return {begin, end - begin, percent_decoded(text.substr(begin, end - begin)), "percent", false};
}

}  // namespace

bool is_readable(std::string_view s) {
  return std::all_of(s.begin(), s.end(),
                     [](char c) { return (c >= 0x20 && c < 0x7F) || is_space(c); });
}

void decode_runs(std::string_view text, const std::function<bool(EncodedRun&&)>& visit) {
  std::size_t sign = text.find('%');
  auto addresses_before = [&](std::size_t until) {
    for (std::size_t done = 0; sign < until;) {
      if (!is_escape(text, sign)) {
        sign = text.find('%', sign + 1);
        continue;
      }
      EncodedRun run = address_around(text, sign, done);
      done = run.offset + run.length;
      sign = text.find('%', done);
      if (is_readable(run.decoded) && !visit(std::move(run))) return false;
    }
    return true;
  };
  for (std::size_t i = 0; i + shortest_run <= text.size();) {
    std::size_t j = i + shortest_run;
    while (j > i && is_base64_letter(text[j - 1])) --j;
    if (j > i) {  // no run holds text[j - 1]
      i = j;
      continue;
    }
    std::size_t end = i + shortest_run;
    while (end < text.size() && is_base64_letter(text[end])) ++end;
    if (!addresses_before(i)) return;
    if (auto run = decoded_run(text.substr(i, end - i))) {
      run->offset = i;
      run->length = end - i;
      if (!visit(std::move(*run))) return;
    }
    i = end;
  }
  addresses_before(text.size());
}

}  // namespace parapet
