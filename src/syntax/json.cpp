#include "syntax/json.h"

#include <utility>

namespace parapet {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going) : c_(text), keep_going_(keep_going) {}

  Parsed run() {
    c_.take_if("\xEF\xBB\xBF");
    skip_space();
    while (out_.ok() && !c_.done()) {
      Node root = value(0);
      bool empty = root.type == Node::Type::null && !out_.ok();
      if (!empty) out_.documents.push_back({"json", std::move(root)});
      skip_space();
    }
    if (out_.ok() && out_.documents.empty()) out_.fail("no value", place_of(c_));
    return std::move(out_);
  }

 private:
  bool going() {
    if (!out_.ok()) return false;
    if (keep_going_ && !keep_going_()) out_.fail("stopped at a limit", place_of(c_));
    return out_.ok();
  }

  void skip_space() {
    for (;;) {
      c_.skip_space();
      if (c_.peek() != '/') return;
      if (c_.starts_with("//")) {
        c_.line_rest();
      } else if (c_.starts_with("/*")) {
        Place start = place_of(c_);
        c_.skip(2);
        while (!c_.done() && !c_.starts_with("*/")) c_.take();
        if (!c_.take_if("*/")) return out_.fail("comment without end", start);
      } else {
        return;
      }
    }
  }

  Node value(unsigned depth) {
    Node n = node_at(c_, Node::Type::null);
    if (!going()) return n;
    if (depth >= max_tree_depth) {
      out_.fail("nested deeper than " + std::to_string(max_tree_depth), place_of(c_));
      return n;
    }
    char first = c_.peek();
    if (first == '{')
      read_map(n, depth);
    else if (first == '[')
      read_list(n, depth);
    else if (first == '"' || first == '\'')
      read_string(n);
    else
      read_word(n);
    n.length = c_.offset() - n.offset;
    return n;
  }

  void read_map(Node& n, unsigned depth) {
    n.type = Node::Type::map;
    c_.take();
    for (;;) {
      skip_space();
      if (c_.take_if('}') || !going()) break;
      Node key = node_at(c_, Node::Type::scalar);
      if (c_.peek() == '"' || c_.peek() == '\'')
        read_string(key);
      else
        read_word(key);
      key.length = c_.offset() - key.offset;
      key.type = Node::Type::scalar;
      if (!out_.ok()) break;
      skip_space();
      if (!c_.take_if(':')) {
        out_.fail("no ':' after a key", place_of(c_));
        break;
      }
      skip_space();
      n.items.push_back(value(depth + 1));
      n.keys.push_back(std::move(key));
      skip_space();
      if (c_.take_if(',') || c_.peek() == '}') continue;
      out_.fail(c_.done() ? "object without end" : "no ',' between members", place_of(c_));
    }
    note_duplicates(n, out_);
  }

  void read_list(Node& n, unsigned depth) {
    n.type = Node::Type::list;
    c_.take();
    for (;;) {
      skip_space();
      if (c_.take_if(']') || !going()) return;
      n.items.push_back(value(depth + 1));
      skip_space();
      if (c_.take_if(',') || c_.peek() == ']') continue;
      out_.fail(c_.done() ? "array without end" : "no ',' between items", place_of(c_));
    }
  }

  std::uint32_t hex4() {
    std::uint32_t v = 0;
    for (int i = 0; i < 4; ++i) {
      char h = lower(c_.peek());
      bool letter = h >= 'a' && h <= 'f';
      if (!is_digit(h) && !letter) {
        out_.fail("\\u without four hex digits", place_of(c_));
        return 0xFFFD;
      }
      v = v * 16 + static_cast<std::uint32_t>(letter ? h - 'a' + 10 : h - '0');
      c_.take();
    }
    return v;
  }

  void read_escape(std::string& text) {
    switch (char e = c_.take(); e) {
      case 'n':
        text += '\n';
        return;
      case 't':
        text += '\t';
        return;
      case 'r':
        text += '\r';
        return;
      case 'b':
        text += '\b';
        return;
      case 'f':
        text += '\f';
        return;
      case 'u': {
        std::uint32_t code = hex4();
        if (code >= 0xD800 && code < 0xDC00 && c_.take_if("\\u")) {
          std::uint32_t low = hex4();
          code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00)
                                               : 0xFFFD;
        }
        append_utf8(text, code);
        return;
      }
      default:
        text += e;
    }
  }

  void read_string(Node& n) {
    n.type = Node::Type::scalar;
    n.quoted = true;
    Place start = place_of(c_);
    char quote = c_.take();
    while (!c_.done()) {
      char ch = c_.take();
      if (ch == quote) return;
      if (ch == '\\')
        read_escape(n.text);
      else
        n.text += ch;
      if (!out_.ok()) return;
    }
    out_.fail("string without end", std::move(start));
  }

  void read_word(Node& n) {
    std::size_t start = c_.position();
    if (c_.starts_with("${"))  // what a template leaves unknown
      while (!c_.done() && c_.peek() != '\n' && c_.peek() != ',' && c_.take() != '}') {
      }
    while (is_word(c_.peek()) || c_.peek() == '-' || c_.peek() == '+' || c_.peek() == '.' ||
           c_.peek() == '$')
      c_.take();
    n.text = c_.since(start);
    n.type = n.text == "null" ? Node::Type::null : Node::Type::scalar;
    if (!n.text.empty()) return;
    n.type = Node::Type::null;
    out_.fail(c_.done() ? "ends where a value should stand" : "not a JSON value", place_of(c_));
  }

  TextCursor c_;
  const KeepGoing& keep_going_;
  Parsed out_;
};

}  // namespace

Parsed parse_json(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
