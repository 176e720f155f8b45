#include "syntax/hcl.h"

#include <algorithm>

#include "base/text.h"

namespace parapet {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going)
      : text_(text), lines_(text), keep_going_(keep_going) {}

  Parsed run() {
    Node root = start(Node::Type::map);
    body(root, false, 0);
    root.length = text_.size();
    out_.documents.push_back({"hcl", std::move(root)});
    return std::move(out_);
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char now() const { return at_end() ? '\0' : text_[at_]; }
  bool starts(std::string_view s) const { return text_.substr(at_).starts_with(s); }

  bool stop(std::string why) {
    if (!out_.ok()) return false;
    LineColumn where = lines_.at(at_);
    out_.problem = std::move(why);
    out_.problem_at = {at_, 0, where.line, where.column, {}};
    return false;
  }

  bool going(unsigned depth) {
    if (!out_.ok()) return false;
    if (depth > max_tree_depth) return stop("nested deeper than " + std::to_string(max_tree_depth));
    if (keep_going_ && !keep_going_()) return stop("stopped at a limit");
    return true;
  }

  Node start(Node::Type type) {
    Node n;
    LineColumn where = lines_.at(at_);
    n.type = type;
    n.offset = at_;
    n.line = where.line;
    n.column = where.column;
    return n;
  }

  void spaces(bool newlines) {
    while (!at_end()) {
      if (now() == '#' || starts("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (starts("/*")) {
        auto end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else if (is_space(now()) && (newlines || now() != '\n')) {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string_view word() {
    std::size_t from = at_;
    while (!at_end() && (is_word(now()) || now() == '-')) ++at_;
    return text_.substr(from, at_ - from);
  }

  // Attributes and blocks until the closing brace (or the end of the file).
  void body(Node& map, bool braced, unsigned depth) {
    while (going(depth)) {
      spaces(true);
      if (at_end()) {
        if (braced) stop("a block is not closed");
        return;
      }
      if (now() == '}' && braced) {
        ++at_;
        return;
      }
      Node key = start(Node::Type::scalar);
      key.text = now() == '"' ? quoted().text : std::string(word());
      key.length = at_ - key.offset;
      if (key.text.empty()) return void(stop("an attribute or block was expected"));
      spaces(false);
      if ((now() == '=' && !starts("==")) || now() == ':') {
        ++at_;
        spaces(false);
        put(map, std::move(key), value(depth + 1));
        spaces(false);
        if (now() == ',') ++at_;
      } else if (!block(map, std::move(key), depth)) {
        return;
      }
    }
  }

  bool block(Node& map, Node key, unsigned depth) {
    std::vector<Node> labels;
    while (now() == '"' || is_word(now())) {
      Node label = start(Node::Type::scalar);
      label.text = now() == '"' ? quoted().text : std::string(word());
      label.length = at_ - label.offset;
      labels.push_back(std::move(label));
      spaces(false);
    }
    if (now() != '{') return stop("'=' or a block was expected");
    Node inner = start(Node::Type::map);
    ++at_;
    body(inner, true, depth + 1);
    inner.length = at_ - inner.offset;
    for (std::size_t i = labels.size(); i-- > 0;) {
      Node outer = inner;
      outer.keys = {std::move(labels[i])};
      outer.items = {};
      outer.items.push_back(std::move(inner));
      inner = std::move(outer);
    }
    put(map, std::move(key), std::move(inner));
    return out_.ok();
  }

  static void put(Node& map, Node key, Node value) {
    map.keys.push_back(std::move(key));
    map.items.push_back(std::move(value));
  }

  Node quoted() {
    Node n = start(Node::Type::scalar);
    n.quoted = true;
    ++at_;
    int braces = 0;  // inside ${ … }, where quotes nest
    while (!at_end() && now() != '\n' && (now() != '"' || braces > 0)) {
      if (starts("${") || starts("%{")) {
        ++braces;
        n.tag = "expression";
      } else if (now() == '}' && braces > 0) {
        --braces;
      } else if (now() == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        n.text += now() == 'n' ? '\n' : now() == 't' ? '\t' : now();
        ++at_;
        continue;
      }
      n.text += now();
      ++at_;
    }
    if (now() == '"')
      ++at_;
    else
      stop("a string is not closed");
    n.length = at_ - n.offset;
    return n;
  }

  Node heredoc() {
    Node n = start(Node::Type::scalar);
    n.quoted = true;
    at_ += 2;
    if (now() == '-') ++at_;
    std::string marker(word());
    auto line_end = text_.find('\n', at_);
    at_ = line_end == std::string_view::npos ? text_.size() : line_end + 1;
    while (!at_end()) {
      auto end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      if (trim(line) == marker) {
        n.length = at_ - n.offset;
        return n;
      }
      n.text += line;
      n.text += '\n';
    }
    stop("a heredoc is not closed");
    return n;
  }

  Node list(unsigned depth) {
    Node n = start(Node::Type::list);
    ++at_;
    while (going(depth)) {
      spaces(true);
      if (at_end()) {
        stop("a list is not closed");
        break;
      }
      if (now() == ']') {
        ++at_;
        break;
      }
      std::size_t before = at_;
      n.items.push_back(value(depth + 1));
      spaces(true);
      if (now() == ',') ++at_;
      if (at_ == before) {
        stop("a value was expected");
        break;
      }
    }
    n.length = at_ - n.offset;
    return n;
  }

  Node value(unsigned depth) {
    if (!going(depth)) return {};
    std::size_t from = at_;
    Node n;
    if (now() == '"')
      n = quoted();
    else if (starts("<<"))
      n = heredoc();
    else if (now() == '[')
      n = list(depth);
    else if (now() == '{') {
      n = start(Node::Type::map);
      ++at_;
      body(n, true, depth + 1);
      n.length = at_ - n.offset;
    } else {
      return expression(from);
    }
    std::size_t end = at_;
    spaces(false);
    // `"a" == var.x`, `[…] + …`: more than a literal.
    if (!at_end() && now() != '\n' && now() != ',' && now() != '}' && now() != ']' && now() != ')')
      return expression(from);
    at_ = end;
    return n;
  }

  // Anything that is not a literal, up to the end of the line or of the enclosing bracket.
  Node expression(std::size_t from) {
    at_ = from;
    Node n = start(Node::Type::scalar);
    int open = 0;
    while (!at_end() && out_.ok()) {
      char c = now();
      if (c == '"') {
        quoted();
        continue;
      }
      if (c == '(' || c == '[' || c == '{') ++open;
      if (c == ')' || c == ']' || c == '}') {
        if (open == 0) break;
        --open;
      }
      if (open == 0 && (c == '\n' || c == ',' || c == '#' || starts("//"))) break;
      ++at_;
    }
    n.text = trim(text_.substr(from, at_ - from));
    n.length = n.text.size();
    bool literal = n.text == "true" || n.text == "false" || to_integer(n.text).has_value();
    if (n.text == "null")
      n.type = Node::Type::null;
    else if (!literal)
      n.tag = "expression";
    return n;
  }

  std::string_view text_;
  LineIndex lines_;
  const KeepGoing& keep_going_;
  std::size_t at_ = 0;
  Parsed out_;
};

}  // namespace

Parsed parse_hcl(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
