#include "syntax/dockerfile.h"

#include <utility>

#include "syntax/json.h"

namespace parapet {
namespace {

Node scalar(const TextCursor& at, std::string text) {
  Node n = node_at(at, Node::Type::scalar);
  n.length = text.size();
  n.text = std::move(text);
  return n;
}

void put(Node& map, std::string_view name, Node value) {
  Node key;
  key.type = Node::Type::scalar;
  key.text = name;
  key.offset = value.offset;
  key.line = value.line;
  key.column = value.column;
  map.keys.push_back(std::move(key));
  map.items.push_back(std::move(value));
}

void shift(Node& n, std::uint64_t offset, std::uint32_t line, std::uint32_t column) {
  n.offset += offset;
  if (n.line == 1) n.column += column - 1;
  n.line += line - 1;
  for (Node& x : n.keys) shift(x, offset, line, column);
  for (Node& x : n.items) shift(x, offset, line, column);
}

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going) : c_(text), keep_going_(keep_going) {}

  Parsed run() {
    c_.take_if("\xEF\xBB\xBF");
    read_directives();
    Node root = node_at(c_, Node::Type::list);
    while (!c_.done() && out_.ok()) {
      if (keep_going_ && !keep_going_()) {
        out_.fail("stopped at a limit", place_of(c_));
        break;
      }
      c_.skip_space();
      if (c_.done()) break;
      if (c_.peek() == '#') {
        c_.line_rest();
        continue;
      }
      root.items.push_back(read_instruction());
    }
    root.length = c_.offset() - root.offset;
    out_.documents.push_back({"dockerfile", std::move(root)});
    return std::move(out_);
  }

 private:
  // "# escape=`" before anything else.
  void read_directives() {
    while (c_.peek() == '#') {
      std::string_view line = c_.line_rest();
      auto [name, value, found] = split_once(line.substr(1), "=");
      if (!found) return;
      if (equals_ignoring_case(trim(name), "escape") && trim(value) == "`") escape_ = '`';
      c_.take();
    }
  }

  Node read_instruction() {
    Node map = node_at(c_, Node::Type::map);
    TextCursor start = c_;
    std::size_t word = c_.position();
    while (is_alpha(c_.peek())) c_.take();
    std::string name;
    for (char ch : c_.since(word))
      name += lower(ch) == ch && is_alpha(ch) ? static_cast<char>(ch - 'a' + 'A') : ch;
    if (name.empty() || (!c_.done() && !is_space(c_.peek()) && c_.peek() != escape_))
      out_.note("malformed", "a line that is no instruction", place_of(start));
    put(map, "instruction", scalar(start, name));
    skip_joined();
    Node flags = read_flags();
    if (!flags.items.empty()) put(map, "flags", std::move(flags));
    TextCursor at = c_;
    std::vector<std::string> ends;
    std::string text = read_joined(ends);
    put(map, "args", args(at, std::move(text)));
    if (!ends.empty()) put(map, "heredocs", read_heredocs(ends));
    map.length = c_.offset() - map.offset;
    return map;
  }

  bool at_continuation() const {
    if (c_.peek() != escape_) return false;
    std::string_view rest = c_.rest().substr(1);
    auto i = rest.find_first_not_of(" \t\r");
    return i == std::string_view::npos || rest[i] == '\n';
  }

  void skip_joined() {
    for (;;) {
      c_.skip_blanks();
      if (!at_continuation()) return;
      c_.line_rest();
      c_.take();
    }
  }

  Node read_flags() {
    Node flags = node_at(c_, Node::Type::map);
    while (c_.starts_with("--")) {
      TextCursor start = c_;
      std::size_t from = c_.position();
      while (!c_.done() && !is_space(c_.peek())) c_.take();
      auto [name, value, found] = split_once(c_.since(from).substr(2), "=");
      put(flags, name, scalar(start, found ? std::string(value) : "true"));
      flags.length = c_.offset() - flags.offset;
      skip_joined();
    }
    return flags;
  }

  // The rest of the instruction over its continuation lines; the file's bytes one for one.
  std::string read_joined(std::vector<std::string>& ends) {
    std::string out;
    char quote = '\0';
    while (!c_.done()) {
      if (at_continuation()) {
        blank_line(out);
        // Comment lines and empty lines between continued lines do not end the instruction.
        for (;;) {
          TextCursor look = c_;
          look.skip_blanks();
          bool comment = look.peek() == '#';
          bool empty = look.peek() == '\n' || look.peek() == '\r';
          if ((!comment && !empty) || look.done()) break;
          blank_line(out);
        }
        continue;
      }
      char ch = c_.peek();
      if (ch == '\n') break;
      if (quote == '\0' && ch == '<') find_heredoc(ends);
      if (ch == quote)
        quote = '\0';
      else if (quote == '\0' && (ch == '"' || ch == '\''))
        quote = ch;
      out += ch == '\r' ? ' ' : ch;
      c_.take();
      if (ch == escape_ && !c_.done() && c_.peek() != '\n') out += c_.take();
    }
    c_.take();
    while (!out.empty() && is_space(out.back())) out.pop_back();
    return out;
  }

  void blank_line(std::string& out) {
    std::string_view line = c_.line_rest();
    out.append(line.size(), ' ');
    if (c_.take_if('\n')) out += ' ';
  }

  void find_heredoc(std::vector<std::string>& ends) {
    if (!c_.starts_with("<<") || c_.starts_with("<<<") || ends.size() >= 16) return;
    TextCursor look = c_;
    look.skip(2);
    look.take_if('-');
    char quote = look.peek();
    if (quote == '"' || quote == '\'') look.take();
    std::size_t from = look.position();
    while (is_word(look.peek())) look.take();
    if (look.position() > from) ends.emplace_back(look.since(from));
  }

  Node read_heredocs(const std::vector<std::string>& ends) {
    Node list = node_at(c_, Node::Type::list);
    for (const std::string& end : ends) {
      Node body = node_at(c_, Node::Type::scalar);
      std::size_t from = c_.position();
      std::size_t to = from;
      bool closed = false;
      while (!c_.done() && !closed) {
        to = c_.position();
        closed = trim(c_.line_rest()) == end;
        c_.take();
      }
      if (!closed) {
        to = c_.position();
        out_.note("malformed", "a here-document without its end " + printable(end, 40),
                  body.place());
      }
      body.text = c_.since(from).substr(0, to - from);
      body.length = body.text.size();
      list.items.push_back(std::move(body));
    }
    list.length = c_.offset() - list.offset;
    return list;
  }

  Node args(const TextCursor& at, std::string text) {
    if (text.starts_with('[')) {
      Parsed json = parse_json(text);
      if (json.ok() && json.documents.size() == 1 && json.documents[0].root.is_list()) {
        Node list = std::move(json.documents[0].root);
        shift(list, at.offset(), at.line(), at.column());
        return list;
      }
    }
    return scalar(at, std::move(text));
  }

  TextCursor c_;
  const KeepGoing& keep_going_;
  Parsed out_;
  char escape_ = '\\';
};

}  // namespace

Parsed parse_dockerfile(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
