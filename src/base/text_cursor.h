#pragma once
// Reads hostile text a character at a time. Reading past the end gives '\0' and moves nothing, so
// no reader of a syntax can leave its input; lines and columns are counted on the way (columns in
// bytes).
#include <cstdint>
#include <string_view>

#include "base/text.h"

namespace parapet {

class TextCursor {
 public:
  // `base`, `line` and `column` say where this text starts in its artifact.
  explicit TextCursor(std::string_view text, std::uint64_t base = 0, LineColumn start = {})
      : text_(text), base_(base), line_(start.line), column_(start.column) {}

  bool done() const { return at_ >= text_.size(); }
  std::uint64_t offset() const { return base_ + at_; }
  std::size_t position() const { return at_; }  // in this text
  std::uint32_t line() const { return line_; }
  std::uint32_t column() const { return column_; }

  char peek(std::size_t ahead = 0) const {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }
  std::string_view rest() const { return text_.substr(at_); }
  bool starts_with(std::string_view s) const { return rest().starts_with(s); }
  // The text from an earlier position() up to here.
  std::string_view since(std::size_t position) const {
    return position <= at_ ? text_.substr(position, at_ - position) : std::string_view();
  }

  char take() {
    if (done()) return '\0';
    char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    return c;
  }
  void skip(std::size_t n) {
    while (n-- > 0 && !done()) take();
  }
  bool take_if(char c) {
    if (done() || peek() != c) return false;
    take();
    return true;
  }
  bool take_if(std::string_view s) {
    if (!starts_with(s)) return false;
    skip(s.size());
    return true;
  }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') take();
  }
  void skip_space() {
    while (!done() && is_space(peek())) take();
  }
  // Up to the end of the line, which is not taken.
  std::string_view line_rest() {
    std::size_t start = at_;
    auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    column_ += static_cast<std::uint32_t>(at_ - start);
    return text_.substr(start, at_ - start);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t base_ = 0;
  std::uint32_t line_ = 1, column_ = 1;
};

}  // namespace parapet
