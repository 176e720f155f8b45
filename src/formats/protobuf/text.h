#pragma once
// Protobuf's text form: name: value, name { … }. Names and places only; what they mean, and whether
// they may stand there, is the format's to know.
// https://protobuf.dev/reference/protobuf/textformat-spec/
#include <string>
#include <string_view>
#include <vector>

#include "base/text_cursor.h"

namespace parapet::protobuf {

struct TextEvent {
  enum class Kind { open, close, value };
  Kind kind = Kind::value;
  std::string name;   // of the field; of what is closed
  std::string value;  // quotes and escapes undone
  std::uint64_t offset = 0, length = 0;
  std::uint32_t line = 0, column = 0;
};

class TextReader {
 public:
  explicit TextReader(std::string_view text) : c_(text) {}
  // False at the end, or where this is no such text.
  bool next(TextEvent&);
  bool ok() const { return ok_; }
  std::uint64_t offset() const { return c_.offset(); }
  // Names of the messages that are open, outermost first.
  const std::vector<std::string>& path() const { return path_; }

 private:
  void skip_blanks();
  void pass_list_brackets();
  std::string word();
  std::string quoted();
  bool fail();

  TextCursor c_;
  std::vector<std::string> path_;
  // For each open message, and for the text itself: the field whose list is open; empty: none.
  std::vector<std::string> lists_{1};
  bool ok_ = true;
};

}  // namespace parapet::protobuf
