#include "base/hexfile.h"

#include <charconv>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/text.h"

namespace parapet {
namespace {

// "12", "0x0c" or "-1" as 64 bits; false when it is none.
bool read_number(std::string_view s, std::uint64_t& out) {
  bool negative = s.starts_with('-');
  if (negative) s.remove_prefix(1);
  int base = s.starts_with("0x") ? 16 : 10;
  if (base == 16) s.remove_prefix(2);
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), out, base);
  if (negative) out = 0 - out;
  return error == std::errc{} && end == s.data() + s.size() && !s.empty();
}

class Assembler {
 public:
  Result<std::string> run(std::string_view text) {
    for (std::string_view line : split(text, '\n')) {
      ++line_;
      if (!read_line(line))
        return Fail(Error{"line " + std::to_string(line_),
                          "'" + std::string(token_) + "' is not understood"});
    }
    if (!open_.empty()) return Fail(Error{"end of file", "a parenthesis is open"});
    return std::move(out_);
  }

 private:
  struct Open {
    std::size_t at;
    std::uint64_t bits;       // 0: crc32(
    std::uint64_t field = 0;  // of pbN(
  };

  void put(std::uint64_t v, std::uint64_t bits, bool big) {
    for (std::uint64_t i = 0; i < bits; i += 8)
      out_ += static_cast<char>(v >> (big ? bits - 8 - i : i) & 0xFFU);
  }

  static std::string varint(std::uint64_t v) {
    std::string out;
    for (; v > 0x7F; v >>= 7U) out += static_cast<char>((v & 0x7FU) | 0x80U);
    return out + static_cast<char>(v);
  }

  void put_repeated(std::string_view s) {
    for (; repeat_ > 0; --repeat_) out_ += s;
    repeat_ = 1;
  }

  std::string_view next_token(std::string_view& line) {
    while (!line.empty() && is_space(line[0])) line.remove_prefix(1);
    auto end = std::min(line.find_first_of(" \t\r"), line.size());
    token_ = line.substr(0, end);
    return token_;
  }

  bool read_line(std::string_view line) {
    for (;;) {
      std::string_view t = next_token(line);
      if (t.empty() || t[0] == '#') return true;
      if (t[0] == '"') {
        if (!quoted(line)) return false;
        continue;
      }
      line.remove_prefix(t.size());
      if (!read_token(t, line)) return false;
    }
  }

  bool read_token(std::string_view t, std::string_view& line) {
    std::uint64_t n = 0;
    if (t[0] == '*') return read_number(t.substr(1), repeat_);
    if (t == ")") return close();
    if (t == "crc") return put(crc_, 32, false), true;
    if (t == "crc32(") return open_.push_back({out_.size(), 0}), true;
    if (t.starts_with("len") && t.ends_with('(')) {
      if (!read_number(t.substr(3, t.size() - 4), n)) return false;
      return open_.push_back({out_.size(), n}), true;
    }
    if (t.starts_with("pb")) {
      bool opens = t.ends_with('(');
      std::uint64_t field = 0;
      if (!read_number(t.substr(2, t.size() - 2 - (opens ? 1 : 0)), field)) return false;
      if (opens) return open_.push_back({out_.size(), 0, field}), true;
      std::string_view value = next_token(line);
      if (!read_number(value, n)) return false;
      line.remove_prefix(value.size());
      out_ += varint(field << 3U) + varint(n);
      return true;
    }
    if (t[0] == 'u' || (t[0] == 'b' && t.size() > 2)) {
      std::uint64_t bits = 0;
      if (!read_number(t.substr(1), bits)) return false;
      std::string_view value = next_token(line);
      if (!read_number(value, n)) return false;
      line.remove_prefix(value.size());
      return put(n, bits, t[0] == 'b'), true;
    }
    auto [end, error] = std::from_chars(t.data(), t.data() + t.size(), n, 16);
    if (error != std::errc{} || end != t.data() + t.size() || n > 0xFF) return false;
    char byte = static_cast<char>(n);
    put_repeated({&byte, 1});
    return true;
  }

  bool close() {
    if (open_.empty()) return false;
    Open o = open_.back();
    open_.pop_back();
    std::string body = out_.substr(o.at);
    if (o.field != 0) {
      out_.resize(o.at);
      out_ += varint(o.field << 3U | 2U) + varint(body.size()) + body;
      return true;
    }
    if (o.bits == 0) {
      crc_ = crc32(body);
      return true;
    }
    out_.resize(o.at);
    put(body.size(), o.bits, false);
    out_ += body;
    return true;
  }

  // A quoted string at the start of `line`, moved past.
  bool quoted(std::string_view& line) {
    std::string s;
    std::size_t i = 1;
    for (; i < line.size() && line[i] != '"'; ++i) {
      if (line[i] != '\\') {
        s += line[i];
        continue;
      }
      if (++i >= line.size()) return false;
      if (line[i] == 'x' && i + 2 < line.size()) {
        unsigned byte = 0;
        std::from_chars(line.data() + i + 1, line.data() + i + 3, byte, 16);
        s += static_cast<char>(byte);
        i += 2;
      } else {
        s += line[i] == 'n' ? '\n' : line[i] == 't' ? '\t' : line[i] == 'r' ? '\r' : line[i];
      }
    }
    if (i >= line.size()) return false;
    line.remove_prefix(i + 1);
    put_repeated(s);
    return true;
  }

  std::string out_;
  std::vector<Open> open_;
  std::string_view token_;
  std::uint64_t repeat_ = 1;
  std::uint32_t crc_ = 0;
  std::size_t line_ = 0;
};

}  // namespace

Result<std::string> assemble_hex(std::string_view text) { return Assembler().run(text); }

}  // namespace parapet
