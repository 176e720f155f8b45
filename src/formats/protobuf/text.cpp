#include "formats/protobuf/text.h"

namespace parapet::protobuf {
namespace {

constexpr std::size_t max_depth = 100;
constexpr std::size_t longest_value = 64U << 10U;  // kept of one value

bool is_scalar_end(char c) {
  return c == '\0' || is_space(c) || c == ',' || c == ';' || c == '}' || c == '>' || c == ']' ||
         c == '{' || c == '<' || c == '#' || c == '"' || c == '\'';
}

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return c;
  }
}

}  // namespace

void TextReader::skip_blanks() {
  while (!c_.done()) {
    char c = c_.peek();
    if (c == '#') {
      c_.line_rest();
    } else if (is_space(c) || c == ',' || c == ';') {
      c_.take();
    } else {
      return;
    }
  }
}

// A name, or [an.extension] or [a.url/of.a.Type].
std::string TextReader::word() {
  std::size_t from = c_.position();
  if (c_.take_if('[')) {
    while (!c_.done() && c_.peek() != ']' && c_.peek() != '\n') c_.take();
    c_.take_if(']');
  } else {
    while (is_word(c_.peek()) || c_.peek() == '.') c_.take();
  }
  return std::string(c_.since(from).substr(0, 400));
}

// One or more quoted texts: neighbours are one value.
std::string TextReader::quoted() {
  std::string out;
  while (c_.peek() == '"' || c_.peek() == '\'') {
    char quote = c_.take();
    while (!c_.done() && c_.peek() != quote && c_.peek() != '\n') {
      char c = c_.take();
      if (c == '\\' && c_.peek() >= '0' && c_.peek() <= '7') {
        unsigned byte = 0;
        for (int i = 0; i < 3 && c_.peek() >= '0' && c_.peek() <= '7'; ++i)
          byte = byte * 8 + static_cast<unsigned>(c_.take() - '0');
        c = static_cast<char>(byte & 0xFFU);
      } else if (c == '\\' && c_.peek() == 'x') {
        c_.take();
        unsigned byte = 0;
        for (int i = 0;
             i < 2 && (is_digit(c_.peek()) || (lower(c_.peek()) >= 'a' && lower(c_.peek()) <= 'f'));
             ++i) {
          char digit = lower(c_.take());
          byte =
              byte * 16 + static_cast<unsigned>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
        }
        c = static_cast<char>(byte & 0xFFU);
      } else if (c == '\\') {
        c = unescaped(c_.take());
      }
      if (out.size() < longest_value) out += c;
    }
    if (!c_.take_if(quote)) ok_ = false;
    skip_blanks();
  }
  return out;
}

bool TextReader::fail() {
  ok_ = false;
  return false;
}

// Opens and closes lists until something else stands there.
void TextReader::pass_list_brackets() {
  skip_blanks();
  while (!lists_.back().empty() && c_.take_if(']')) {
    lists_.back().clear();
    skip_blanks();
  }
}

bool TextReader::next(TextEvent& e) {
  pass_list_brackets();
  if (!ok_ || c_.done()) return false;
  e = {};
  e.offset = c_.offset();
  e.line = c_.line();
  e.column = c_.column();
  if (c_.peek() == '}' || c_.peek() == '>') {
    c_.take();
    if (path_.empty()) return fail();
    e.kind = TextEvent::Kind::close;
    e.name = path_.back();
    path_.pop_back();
    lists_.pop_back();
    e.length = 1;
    return true;
  }
  // In a list the name stands once, before it.
  bool in_list = !lists_.back().empty();
  e.name = in_list ? lists_.back() : word();
  if (e.name.empty()) return fail();
  if (!in_list) {
    skip_blanks();
    bool colon = c_.take_if(':');
    skip_blanks();
    if (colon && c_.take_if('[')) {
      lists_.back() = e.name;
      skip_blanks();
      // An empty list is given as an empty value.
      if (c_.peek() == ']') return true;
    }
    if (!colon && c_.peek() != '{' && c_.peek() != '<') return fail();
  }
  if (c_.take_if('{') || c_.take_if('<')) {
    if (path_.size() >= max_depth) return fail();
    path_.push_back(e.name);
    lists_.emplace_back();
    e.kind = TextEvent::Kind::open;
  } else if (c_.peek() == '"' || c_.peek() == '\'') {
    e.value = quoted();
  } else {
    std::size_t from = c_.position();
    while (!is_scalar_end(c_.peek())) c_.take();
    e.value = std::string(c_.since(from).substr(0, 400));
    if (e.value.empty()) return fail();
  }
  e.length = c_.offset() - e.offset;
  return ok_;
}

}  // namespace parapet::protobuf
