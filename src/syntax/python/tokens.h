#pragma once
// The tokens of a Python source, one at a time. Lines and their indentation are the parser's: it
// asks for the next line after a newline token.
#include <cstdint>
#include <string_view>

namespace parapet::python {

// An operator as a number: its characters, the first lowest.
constexpr std::uint32_t op(std::string_view text) {
  std::uint32_t v = 0;
  for (std::size_t i = text.size(); i-- > 0;) v = v << 8U | static_cast<unsigned char>(text[i]);
  return v;
}

enum class Word : std::uint32_t {
  name,  // no keyword
  and_,
  as,
  assert_,
  async,
  await,
  break_,
  class_,
  continue_,
  def,
  del,
  elif,
  else_,
  except,
  false_,
  finally,
  for_,
  from,
  global,
  if_,
  import,
  in,
  is,
  lambda,
  none,
  nonlocal,
  not_,
  or_,
  pass,
  raise,
  return_,
  true_,
  try_,
  while_,
  with,
  yield,
};

constexpr std::uint32_t code(Word w) { return static_cast<std::uint32_t>(w); }

struct Token {
  enum class Type : std::uint8_t { end, newline, word, number, string, op, bad } type = Type::end;
  bool formatted = false;  // of a string: f"" or t""
  bool fraction = false;   // of a number: not an integer
  std::uint8_t quote = 0;  // of a string: bytes of its closing quotes
  std::uint32_t code = 0;  // of an operator: op(); of a word: Word
  std::uint32_t begin = 0, end = 0;
  std::uint32_t content = 0;  // of a string: where it begins after prefix and quotes

  bool is(std::uint32_t o) const { return type == Type::op && code == o; }
  bool is(Word w) const { return type == Type::word && code == parapet::python::code(w); }
  bool is_name() const { return is(Word::name); }
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // Goes to the first token of the next line that has one; its column (a tab goes to the next
  // multiple of 8), or -1 at the end.
  std::int64_t start_line();
  Token next();

  std::size_t at() const { return at_; }
  void go_to(std::size_t at) { at_ = at; }
  void leave_brackets() { depth_ = 0; }
  std::size_t end_of_line(std::size_t from) const;  // of the newline there, or of the text

  // A part of an f-string, read as if in brackets.
  Lexer part(std::size_t from, std::size_t to) const;

 private:
  Token string(std::size_t begin, std::size_t quote_at);
  Token number(std::size_t begin);
  std::size_t close(std::size_t from, char quote, std::size_t quotes) const;
  std::size_t close_formatted(std::size_t from, char quote, std::size_t quotes) const;
  std::size_t skip_field(std::size_t from, unsigned depth) const;
  char peek(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;  // of brackets: newlines inside are no tokens
  // Kept so that no part of a hostile text is read again and again:
  bool unbalanced_ = false;            // an f-string's braces did not match
  bool unclosed_[2] = {false, false};  // ''' and """ that nothing closes
};

}  // namespace parapet::python
