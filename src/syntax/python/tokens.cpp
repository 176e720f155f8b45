#include "syntax/python/tokens.h"

#include <algorithm>
#include <array>

namespace parapet::python {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;

// What a byte may be part of. Bytes above 0x7f count as letters: UTF-8 in names.
enum : std::uint8_t { letter = 1, digit = 2 };
constexpr std::array<std::uint8_t, 256> classes = [] {
  std::array<std::uint8_t, 256> c{};
  for (unsigned i = 0; i < 256; ++i) {
    bool is_letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z') || i == '_' || i >= 0x80;
    c[i] = is_letter ? letter : i >= '0' && i <= '9' ? digit : 0;
  }
  return c;
}();
std::uint8_t class_of(char c) { return classes[static_cast<unsigned char>(c)]; }

struct Keyword {
  std::string_view text;
  Word word;
};
// By length, so that few are compared.
constexpr Keyword keywords[] = {{"as", Word::as},
                                {"if", Word::if_},
                                {"in", Word::in},
                                {"is", Word::is},
                                {"or", Word::or_},
                                {"and", Word::and_},
                                {"def", Word::def},
                                {"del", Word::del},
                                {"for", Word::for_},
                                {"not", Word::not_},
                                {"try", Word::try_},
                                {"None", Word::none},
                                {"True", Word::true_},
                                {"elif", Word::elif},
                                {"else", Word::else_},
                                {"from", Word::from},
                                {"pass", Word::pass},
                                {"with", Word::with},
                                {"False", Word::false_},
                                {"async", Word::async},
                                {"await", Word::await},
                                {"break", Word::break_},
                                {"class", Word::class_},
                                {"raise", Word::raise},
                                {"while", Word::while_},
                                {"yield", Word::yield},
                                {"assert", Word::assert_},
                                {"except", Word::except},
                                {"global", Word::global},
                                {"import", Word::import},
                                {"lambda", Word::lambda},
                                {"return", Word::return_},
                                {"finally", Word::finally},
                                {"continue", Word::continue_},
                                {"nonlocal", Word::nonlocal}};
constexpr std::array<std::uint8_t, 10> first_of_length = [] {
  std::array<std::uint8_t, 10> first{};
  for (std::size_t n = 0; n < first.size(); ++n) {
    std::uint8_t i = 0;
    while (i < std::size(keywords) && keywords[i].text.size() < n) ++i;
    first[n] = i;
  }
  return first;
}();

Word word_of(std::string_view name) {
  if (name.size() < 2 || name.size() > 8) return Word::name;
  for (std::size_t i = first_of_length[name.size()]; i < first_of_length[name.size() + 1]; ++i)
    if (keywords[i].text == name) return keywords[i].word;
  return Word::name;
}

// A prefix of a string: r, b, u, f, t and their pairs, in either case.
bool is_prefix(std::string_view p) {
  return p.size() <= 2 && std::all_of(p.begin(), p.end(), [](char c) {
           return std::string_view("rbuftRBUFT").find(c) != nowhere;
         });
}

}  // namespace

std::size_t Lexer::end_of_line(std::size_t from) const {
  std::size_t n = text_.find('\n', from);
  return n == nowhere ? text_.size() : n;
}

std::int64_t Lexer::start_line() {
  for (;;) {
    std::int64_t column = 0;
    for (; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == ' ')
        ++column;
      else if (c == '\t')
        column = (column / 8 + 1) * 8;
      else if (c == '\f')
        column = 0;
      else if (c != '\r')
        break;
    }
    if (at_ >= text_.size()) return -1;
    if (text_[at_] == '#') at_ = end_of_line(at_);
    if (at_ >= text_.size()) return -1;
    if (text_[at_] != '\n') return column;
    ++at_;
  }
}

Token Lexer::next() {
  Token t;
  for (;; ++at_) {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    char c = peek(at_);
    if (c == '#') {
      at_ = end_of_line(at_) - 1;
      continue;
    }
    if (c == '\\' && (peek(at_ + 1) == '\n' || (peek(at_ + 1) == '\r' && peek(at_ + 2) == '\n'))) {
      at_ += peek(at_ + 1) == '\r' ? 2U : 1U;
      continue;
    }
    if (c == '\r' || c == '\f' || (c == '\n' && depth_ > 0)) continue;
    break;
  }
  t.begin = t.end = static_cast<std::uint32_t>(std::min(at_, text_.size()));
  if (at_ >= text_.size()) return t;
  std::size_t begin = at_;
  char c = text_[at_];
  std::uint8_t what = class_of(c);
  if (what == letter) {
    while (at_ < text_.size() && class_of(text_[at_]) != 0) ++at_;
    std::string_view name = text_.substr(begin, at_ - begin);
    if ((peek(at_) == '"' || peek(at_) == '\'') && is_prefix(name)) return string(begin, at_);
    t.type = Token::Type::word;
    t.code = static_cast<std::uint32_t>(word_of(name));
  } else if (what == digit || (c == '.' && class_of(peek(at_ + 1)) == digit)) {
    return number(begin);
  } else if (c == '"' || c == '\'') {
    return string(begin, at_);
  } else if (c == '\n') {
    t.type = Token::Type::newline;
    ++at_;
  } else {
    static constexpr std::string_view operators[] = {
        "**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "<>", ":=", "->", "+=",
        "-=",  "*=",  "/=",  "%=",  "&=",  "|=", "^=", "@=", "**", "//", "<<", ">>", "+",
        "-",   "*",   "/",   "%",   "@",   "<",  ">",  "&",  "|",  "^",  "~",  "(",  ")",
        "[",   "]",   "{",   "}",   "`",   ",",  ":",  ".",  ";",  "="};
    std::string_view rest = text_.substr(begin, std::min<std::size_t>(3, text_.size() - begin));
    t.type = Token::Type::bad;
    at_ = begin + 1;
    for (std::string_view o : operators)
      if (o[0] == c && rest.starts_with(o)) {
        t.type = Token::Type::op;
        t.code = op(o);
        at_ = begin + o.size();
        break;
      }
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
  }
  t.end = static_cast<std::uint32_t>(at_);
  return t;
}

Token Lexer::number(std::size_t begin) {
  Token t;
  t.type = Token::Type::number;
  bool hex = text_[begin] == '0' && (peek(begin + 1) | 0x20) == 'x';
  if (hex) at_ += 2;
  for (; at_ < text_.size(); ++at_) {
    char c = text_[at_];
    char low = static_cast<char>(c | 0x20);
    if (class_of(c) == digit || c == '_' || (hex && low >= 'a' && low <= 'f')) continue;
    if (low == 'j' || low == 'l') {  // a suffix
      t.fraction = t.fraction || low == 'j';
      ++at_;
      break;
    }
    bool base = (low == 'o' || low == 'b') && at_ == begin + 1 && text_[begin] == '0';
    if (base) continue;
    if (hex) break;
    char next = peek(at_ + 1);
    bool exponent = low == 'e' && (class_of(next) == digit || ((next == '+' || next == '-') &&
                                                               class_of(peek(at_ + 2)) == digit));
    if (exponent) ++at_;  // its sign, or its first digit
    if (!exponent && (c != '.' || t.fraction)) break;
    t.fraction = true;
  }
  t.begin = static_cast<std::uint32_t>(begin);
  t.end = static_cast<std::uint32_t>(at_);
  return t;
}

// Where the closing quotes begin, or nowhere.
std::size_t Lexer::close(std::size_t from, char quote, std::size_t quotes) const {
  for (std::size_t i = from; i < text_.size(); ++i) {
    char c = text_[i];
    if (c == '\\')
      ++i;
    else if (c == '\n' && quotes == 1)
      return nowhere;
    else if (c == quote && (quotes == 1 || (peek(i + 1) == quote && peek(i + 2) == quote)))
      return i;
  }
  return nowhere;
}

// Past the closing brace of a replacement field, or nowhere. Strings inside count, of whatever
// quotes (PEP 701).
std::size_t Lexer::skip_field(std::size_t from, unsigned depth) const {
  if (depth > 8) return nowhere;
  unsigned open = 1;
  bool format = false;  // after the colon text follows, and fields in it
  for (std::size_t i = from; i < text_.size(); ++i) {
    char c = text_[i];
    if (format && c == '{') {
      i = skip_field(i + 1, depth + 1);
      if (i == nowhere) return nowhere;
      --i;
    } else if (c == '{' || c == '(' || c == '[') {
      ++open;
    } else if (c == ')' || c == ']') {
      if (open > 1 && !format) --open;
    } else if (c == '}') {
      if (--open == 0 || format) return i + 1;
    } else if (c == ':' && open == 1) {
      format = true;
    } else if ((c == '"' || c == '\'') && !format) {
      std::size_t n = peek(i + 1) == c && peek(i + 2) == c ? 3 : 1;
      std::size_t closing = close(i + n, c, n);
      if (closing == nowhere) return nowhere;
      i = closing + n - 1;
    }
  }
  return nowhere;
}

std::size_t Lexer::close_formatted(std::size_t from, char quote, std::size_t quotes) const {
  for (std::size_t i = from; i < text_.size(); ++i) {
    char c = text_[i];
    if (c == '\\') {
      ++i;
    } else if (c == '\n' && quotes == 1) {
      return nowhere;
    } else if (c == quote && (quotes == 1 || (peek(i + 1) == quote && peek(i + 2) == quote))) {
      return i;
    } else if (c == '{') {
      if (peek(i + 1) == '{') {
        ++i;
        continue;
      }
      i = skip_field(i + 1, 0);
      if (i == nowhere) return nowhere;
      --i;
    }
  }
  return nowhere;
}

Token Lexer::string(std::size_t begin, std::size_t quote_at) {
  Token t;
  t.type = Token::Type::string;
  std::string_view prefix = text_.substr(begin, quote_at - begin);
  t.formatted = prefix.find_first_of("fFtT") != nowhere;
  char quote = text_[quote_at];
  std::size_t quotes = peek(quote_at + 1) == quote && peek(quote_at + 2) == quote ? 3 : 1;
  std::size_t from = quote_at + quotes;
  // Before Python 3.12 a field could not hold the string's own quotes: where braces do not match
  // the string ends at the first of them.
  std::size_t closing =
      t.formatted && !unbalanced_ ? close_formatted(from, quote, quotes) : nowhere;
  if (closing == nowhere) {
    unbalanced_ = unbalanced_ || t.formatted;
    bool& open = unclosed_[quote == '"' ? 1 : 0];
    if (quotes == 1 || !open) closing = close(from, quote, quotes);
    open = open || (quotes == 3 && closing == nowhere);
  }
  t.begin = static_cast<std::uint32_t>(begin);
  t.content = static_cast<std::uint32_t>(std::min(from, text_.size()));
  t.quote = static_cast<std::uint8_t>(quotes);
  if (closing == nowhere) {  // it goes on to the end of its line
    t.type = Token::Type::bad;
    at_ = end_of_line(quote_at);
  } else {
    at_ = closing + quotes;
  }
  t.end = static_cast<std::uint32_t>(at_);
  return t;
}

Lexer Lexer::part(std::size_t from, std::size_t to) const {
  Lexer inner(text_.substr(0, to));
  inner.at_ = from;
  inner.depth_ = 1;
  inner.unbalanced_ = unbalanced_;
  return inner;
}

}  // namespace parapet::python
