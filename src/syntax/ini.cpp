#include "syntax/ini.h"

#include <utility>

namespace parapet {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going) : c_(text), keep_going_(keep_going) {}

  Parsed run() {
    c_.take_if("\xEF\xBB\xBF");
    root_ = node_at(c_, Node::Type::map);
    while (!c_.done() && out_.ok()) {
      if (keep_going_ && !keep_going_()) {
        out_.fail("stopped at a limit", place_of(c_));
        break;
      }
      read_line();
    }
    close_section();
    root_.length = c_.offset();
    out_.documents.push_back({"ini", std::move(root_)});
    return std::move(out_);
  }

 private:
  Node& section() { return in_section_ ? section_ : root_; }

  void close_section() {
    if (!in_section_) return;
    section_.length = c_.offset() - section_.offset;
    root_.keys.push_back(std::move(section_key_));
    root_.items.push_back(std::move(section_));
    in_section_ = false;
  }

  void end_line() {
    c_.line_rest();
    c_.take();
  }

  void read_line() {
    bool indented = c_.peek() == ' ' || c_.peek() == '\t';
    c_.skip_blanks();
    char first = c_.peek();
    if (first == '\n' || first == '\r' || first == '#' || first == ';' || first == '!' || c_.done())
      return end_line();
    if (first == '[') return read_section();
    if (indented && goes_on()) return;
    read_pair(indented);
  }

  void read_section() {
    close_section();
    section_key_ = node_at(c_, Node::Type::scalar);
    section_ = node_at(c_, Node::Type::map);
    Place start = place_of(c_);
    std::string_view line = c_.line_rest();
    auto close = line.rfind(']');
    if (close == std::string_view::npos) out_.note("malformed", "a section without ']'", start);
    std::string_view name =
        trim(line.substr(1, close == std::string_view::npos ? close : close - 1));
    if (name.size() >= 2 && (name.front() == '\'' || name.front() == '"') &&
        name.back() == name.front())
      name = name.substr(1, name.size() - 2);
    section_key_.text = name;
    section_key_.length = line.size();
    in_section_ = true;
    last_indented_ = true;  // no key yet that an indented line could continue
    c_.take();
  }

  // "key = value", and not a comparison as in "numpy==1.26" and "pandas>=2".
  static bool holds_pair(std::string_view line) {
    auto at = line.find('=');
    if (at == std::string_view::npos) return false;
    bool compares = line.substr(at + 1).starts_with('=') ||
                    (at > 0 && contains("<>!~", line.substr(at - 1, 1)));
    return !compares;
  }

  // An indented line that is no pair, after a key at the left margin.
  bool goes_on() {
    Node& s = section();
    if (last_indented_ || s.items.empty()) return false;
    std::string_view line = c_.rest();
    line = line.substr(0, line.find('\n'));
    if (holds_pair(line)) return false;
    Node& value = s.items.back();
    value.type = Node::Type::scalar;
    if (!value.text.empty()) value.text += '\n';
    value.text += trim(line);
    c_.line_rest();
    value.length = c_.offset() - value.offset;
    c_.take();
    return true;
  }

  void read_pair(bool indented) {
    if (c_.take_if("export ")) c_.skip_blanks();
    Node key = node_at(c_, Node::Type::scalar);
    std::size_t start = c_.position();
    while (!c_.done() && c_.peek() != '=' && c_.peek() != ':' && c_.peek() != '\n') c_.take();
    key.text = trim(c_.since(start));
    key.length = key.text.size();
    Node value = node_at(c_, Node::Type::null);
    if (c_.take_if('=') || c_.take_if(':')) {
      c_.skip_blanks();
      value = read_value();
    } else {
      c_.take();
    }
    if (key.text.empty()) return;
    last_indented_ = indented;
    section().keys.push_back(std::move(key));
    section().items.push_back(std::move(value));
  }

  Node read_value() {
    Node n = node_at(c_, Node::Type::scalar);
    if (char quote = c_.peek(); (quote == '"' || quote == '\'') && closes(quote)) {
      c_.take();
      n.quoted = true;
      while (!c_.done() && c_.peek() != quote) {
        char ch = c_.take();
        if (ch == '\\' && quote == '"' &&
            (c_.peek() == '"' || c_.peek() == '\\' || c_.peek() == '$'))
          ch = c_.take();
        n.text += ch;
      }
      c_.take();
      n.length = c_.offset() - n.offset;
      end_line();
      return n;
    }
    for (;;) {
      std::uint64_t line_at = c_.offset();
      std::string_view line = c_.line_rest();
      c_.take();
      std::string_view piece = trim(line);
      bool more = piece.ends_with('\\') && !piece.ends_with("\\\\") && !c_.done();
      if (more)
        piece.remove_suffix(1);
      else
        piece = without_comment(piece);
      n.text += piece;
      n.length =
          line_at +
          (piece.empty() ? 0
                         : static_cast<std::size_t>(piece.data() - line.data()) + piece.size()) -
          n.offset;
      if (!more) break;
      c_.skip_blanks();
    }
    n.text = trim(n.text);
    return n;
  }

  // Is the value a quoted one: only a comment or nothing may follow the closing quote?
  bool closes(char quote) const {
    std::string_view rest = c_.rest().substr(1);
    std::size_t i = 0;
    for (; i < rest.size() && i < max_quoted && rest[i] != quote; ++i)
      if (rest[i] == '\\' && quote == '"') ++i;
    if (i >= rest.size() || i >= max_quoted) return false;
    rest.remove_prefix(i + 1);
    std::string_view after = trim(rest.substr(0, rest.find('\n')));
    return after.empty() || after.front() == '#' || after.front() == ';';
  }

  static std::string_view without_comment(std::string_view s) {
    for (std::string_view mark : {" #", "\t#"})
      if (auto at = s.find(mark); at != std::string_view::npos) s = trim(s.substr(0, at));
    return s.starts_with('#') ? s.substr(0, 0) : s;
  }

  static constexpr std::size_t max_quoted =
      4096;  // a quoted value may span lines (.env), not files
  TextCursor c_;
  const KeepGoing& keep_going_;
  Parsed out_;
  Node root_, section_, section_key_;
  bool in_section_ = false, last_indented_ = true;
};

}  // namespace

Parsed parse_ini(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
