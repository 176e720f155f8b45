#include "syntax/directives.h"

#include <algorithm>

#include "base/text.h"

namespace parapet {
namespace {

struct Open {
  Node map;
};

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going)
      : text_(text), lines_(text), keep_going_(keep_going) {}

  Parsed run() {
    open_.push_back({map_at(0)});
    while (at_ < text_.size() && out_.ok()) {
      if (keep_going_ && !keep_going_()) {
        stop("stopped at a limit");
        break;
      }
      statement();
    }
    if (open_.size() > 1) stop("a block is not closed");
    while (open_.size() > 1) close();
    open_[0].map.length = text_.size();
    out_.documents.push_back({"directives", std::move(open_[0].map)});
    return std::move(out_);
  }

 private:
  Node map_at(std::size_t offset) {
    Node n = scalar(offset, 0);
    n.type = Node::Type::map;
    n.text.clear();
    return n;
  }

  Node scalar(std::size_t from, std::size_t length) {
    Node n;
    LineColumn where = lines_.at(from);
    n.type = Node::Type::scalar;
    n.text = trim(text_.substr(from, length));
    if (n.text.size() > 1 && (n.text[0] == '"' || n.text[0] == '\'') &&
        n.text.back() == n.text[0]) {
      n.text = n.text.substr(1, n.text.size() - 2);
      n.quoted = true;
    }
    n.offset = from;
    n.length = length;
    n.line = where.line;
    n.column = where.column;
    return n;
  }

  void stop(std::string why) {
    if (!out_.ok()) return;
    LineColumn where = lines_.at(std::min(at_, text_.size()));
    out_.problem = std::move(why);
    out_.problem_at = {std::min<std::uint64_t>(at_, text_.size()), 0, where.line, where.column, {}};
  }

  // One statement: up to the end of the line, a semicolon or a brace.
  void statement() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ';')) ++at_;
    if (at_ >= text_.size()) return;
    if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    if (text_[at_] == '}') {
      ++at_;
      if (open_.size() > 1)
        close();
      else
        stop("a brace is closed that was not opened");
      return;
    }
    std::size_t from = at_;
    std::size_t name_end = from;
    while (name_end < text_.size() && !is_space(text_[name_end]) && text_[name_end] != ';' &&
           text_[name_end] != '{')
      ++name_end;
    at_ = name_end;
    char end = to_end();
    std::size_t value_from = name_end;
    while (value_from < at_ && is_space(text_[value_from])) ++value_from;
    Node key = scalar(from, name_end - from);
    Node value = scalar(value_from, at_ - value_from);
    if (end == '{') {
      ++at_;
      if (open_.size() >= max_tree_depth) return stop("nested too deep");
      Node inner = map_at(from);
      inner.keys.push_back(scalar(from, 0));
      inner.items.push_back(std::move(value));
      open_.back().map.keys.push_back(std::move(key));
      open_.push_back({std::move(inner)});
      return;
    }
    open_.back().map.keys.push_back(std::move(key));
    open_.back().map.items.push_back(std::move(value));
  }

  // Moves to what ends the statement and says which; quotes protect.
  char to_end() {
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (quote != '\0') {
        if (c == '\\')
          ++at_;
        else if (c == quote)
          quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == ';' || c == '\n' || c == '{' || c == '}') {
        return c;
      } else if (c == '#' && is_space(text_[at_ - 1])) {
        return '\n';
      }
    }
    at_ = std::min(at_, text_.size());
    return '\0';
  }

  void close() {
    Node done = std::move(open_.back().map);
    open_.pop_back();
    done.length = std::min(at_, text_.size()) - done.offset;
    open_.back().map.items.push_back(std::move(done));
  }

  std::string_view text_;
  LineIndex lines_;
  const KeepGoing& keep_going_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  Parsed out_;
};

}  // namespace

Parsed parse_directives(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
