#include "syntax/toml.h"

#include <memory>
#include <unordered_map>
#include <utility>

namespace parapet {
namespace {

// A table while it is read: found by key in constant time, so that a long file stays linear.
struct Table {
  Node key, value;  // value: a scalar, an inline value, or the place of a table or list of tables
  bool is_table = false, is_array = false;
  std::vector<std::unique_ptr<Table>> children;
  std::unordered_map<std::string, Table*> index;

  Table& add(Node child_key) {
    children.push_back(std::make_unique<Table>());
    Table& t = *children.back();
    if (!is_array) index[child_key.text] = &t;
    t.key = std::move(child_key);
    return t;
  }
};

// Dotted keys nest no deeper than max_tree_depth, so this recursion is bounded.
Node to_node(Table& t) {
  if (!t.is_table && !t.is_array) return std::move(t.value);
  Node n = std::move(t.value);
  n.type = t.is_array ? Node::Type::list : Node::Type::map;
  for (auto& child : t.children) {
    n.items.push_back(to_node(*child));
    if (n.is_map()) n.keys.push_back(std::move(child->key));
    const Node& last = n.items.back();
    if (last.offset >= n.offset)
      n.length = std::max(n.length, last.offset + last.length - n.offset);
  }
  return n;
}

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going) : c_(text), keep_going_(keep_going) {}

  Parsed run() {
    c_.take_if("\xEF\xBB\xBF");
    root_.is_table = true;
    root_.value = node_at(c_, Node::Type::map);
    current_ = &root_;
    for (skip_lines(); !c_.done() && going(); skip_lines()) {
      if (c_.peek() == '[')
        read_header();
      else
        read_pair(*current_);
      if (out_.ok()) end_of_line();
    }
    Node root = to_node(root_);
    root.length = c_.offset();
    out_.documents.push_back({"toml", std::move(root)});
    return std::move(out_);
  }

 private:
  bool going() {
    if (out_.ok() && keep_going_ && !keep_going_()) out_.fail("stopped at a limit", place_of(c_));
    return out_.ok();
  }

  void skip_lines() {
    for (;;) {
      c_.skip_space();
      if (c_.peek() != '#') return;
      c_.line_rest();
    }
  }

  void end_of_line() {
    c_.skip_blanks();
    if (c_.peek() == '#') c_.line_rest();
    c_.take_if('\r');
    if (!c_.done() && !c_.take_if('\n')) out_.fail("more text after a value", place_of(c_));
  }

  std::vector<Node> read_key() {
    std::vector<Node> parts;
    do {
      c_.skip_blanks();
      Node part = node_at(c_, Node::Type::scalar);
      if (c_.peek() == '"' || c_.peek() == '\'') {
        read_string(part);
      } else {
        std::size_t start = c_.position();
        while (is_word(c_.peek()) || c_.peek() == '-') c_.take();
        part.text = c_.since(start);
        if (part.text.empty()) out_.fail("no key", place_of(c_));
      }
      part.length = c_.offset() - part.offset;
      parts.push_back(std::move(part));
      if (parts.size() + 2 >= max_tree_depth)
        out_.fail("nested deeper than " + std::to_string(max_tree_depth), place_of(c_));
      c_.skip_blanks();
    } while (out_.ok() && c_.take_if('.'));
    return parts;
  }

  // The table below `t` that a key names, made when absent; of a list of tables its last.
  Table& step(Table& t, const Node& key) {
    Table* below = nullptr;
    if (auto found = t.index.find(key.text); found != t.index.end()) {
      below = found->second;
    } else {
      below = &t.add(key);
      below->is_table = true;
      below->value = key;
      below->value.text.clear();
    }
    if (below->is_array && !below->children.empty()) return *below->children.back();
    if (!below->is_table && !below->is_array) {
      out_.note("duplicate-key", "the key " + printable(key.text, 60) + " is a value and a table",
                key.place());
      below->is_table = true;
    }
    return *below;
  }

  void read_header() {
    Node place = node_at(c_, Node::Type::map);
    c_.take();
    bool array = c_.take_if('[');
    std::vector<Node> path = read_key();
    if (!out_.ok()) return;
    if (!c_.take_if(']') || (array && !c_.take_if(']')))
      return out_.fail("a table's name without ']'", place_of(c_));
    place.length = c_.offset() - place.offset;
    Table* t = &root_;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) t = &step(*t, path[i]);
    if (!array) {
      current_ = &step(*t, path.back());
      return;
    }
    auto found = t->index.find(path.back().text);
    Table* list = found != t->index.end() ? found->second : nullptr;
    if (list == nullptr || !list->is_array) {
      if (list != nullptr)
        out_.note("duplicate-key", "the key " + printable(path.back().text, 60) + " is also a list",
                  path.back().place());
      list = &t->add(path.back());
      list->is_array = true;
      list->value = place;
    }
    current_ = &list->add({});
    current_->is_table = true;
    current_->value = place;
  }

  void read_pair(Table& into) {
    std::vector<Node> path = read_key();
    if (!out_.ok()) return;
    if (!c_.take_if('=')) return out_.fail("no '=' after a key", place_of(c_));
    c_.skip_blanks();
    Table* t = &into;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) t = &step(*t, path[i]);
    if (t->index.contains(path.back().text))
      out_.note("duplicate-key", "the key " + printable(path.back().text, 60) + " stands twice",
                path.back().place());
    Table& leaf = t->add(std::move(path.back()));
    leaf.value = value(0);
  }

  Node value(unsigned depth) {
    Node n = node_at(c_, Node::Type::scalar);
    if (!going()) return n;
    if (depth >= max_tree_depth) {
      out_.fail("nested deeper than " + std::to_string(max_tree_depth), place_of(c_));
      return n;
    }
    if (c_.peek() == '"' || c_.peek() == '\'') {
      read_string(n);
    } else if (c_.peek() == '[') {
      read_array(n, depth);
    } else if (c_.peek() == '{') {
      read_inline(n, depth);
    } else {
      std::size_t start = c_.position();
      while (!c_.done() && c_.peek() != '\n' && c_.peek() != '#' && c_.peek() != ',' &&
             c_.peek() != ']' && c_.peek() != '}')
        c_.take();
      n.text = trim(c_.since(start));
      n.length = n.text.size();
      if (n.text.empty()) out_.fail("no value", place_of(c_));
      return n;
    }
    n.length = c_.offset() - n.offset;
    return n;
  }

  void read_array(Node& n, unsigned depth) {
    n.type = Node::Type::list;
    c_.take();
    for (skip_lines(); out_.ok() && !c_.take_if(']'); skip_lines()) {
      n.items.push_back(value(depth + 1));
      skip_lines();
      if (!c_.take_if(',') && c_.peek() != ']')
        out_.fail(c_.done() ? "array without end" : "no ',' between items", place_of(c_));
    }
  }

  // Dotted keys inside are put as nested maps of one key each.
  void read_inline(Node& n, unsigned depth) {
    n.type = Node::Type::map;
    c_.take();
    for (skip_lines(); out_.ok() && !c_.take_if('}'); skip_lines()) {
      std::vector<Node> path = read_key();
      if (!out_.ok()) return;
      if (!c_.take_if('=')) return out_.fail("no '=' after a key", place_of(c_));
      c_.skip_blanks();
      Node leaf = value(depth + static_cast<unsigned>(path.size()));
      while (path.size() > 1) {
        Node map = leaf;
        map.type = Node::Type::map;
        map.text.clear();
        map.keys = {std::move(path.back())};
        map.items = {std::move(leaf)};
        path.pop_back();
        leaf = std::move(map);
      }
      n.keys.push_back(std::move(path.back()));
      n.items.push_back(std::move(leaf));
      skip_lines();
      if (!c_.take_if(',') && c_.peek() != '}')
        out_.fail(c_.done() ? "table without end" : "no ',' between keys", place_of(c_));
    }
    note_duplicates(n, out_);
  }

  void read_string(Node& n) {
    n.quoted = true;
    Place start = place_of(c_);
    char quote = c_.peek();
    bool literal = quote == '\'';
    std::string_view triple = literal ? "'''" : "\"\"\"";
    bool several = c_.take_if(triple);
    if (several) {
      c_.take_if('\r');
      c_.take_if('\n');
    } else {
      c_.take();
    }
    while (!c_.done()) {
      if (several && c_.starts_with(triple)) {
        while (c_.peek(3) == quote) n.text += c_.take();  // quotes right before the closing three
        c_.skip(3);
        return;
      }
      char ch = c_.take();
      if (!several && ch == quote) return;
      if (!several && ch == '\n') break;
      if (ch == '\\' && !literal)
        read_escape(n.text);
      else
        n.text += ch;
    }
    out_.fail("string without end", std::move(start));
  }

  void read_escape(std::string& text) {
    char e = c_.take();
    switch (e) {
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
      case 'u':
      case 'U': {
        std::uint32_t v = 0;
        for (int i = 0; i < (e == 'u' ? 4 : 8); ++i) {
          char h = lower(c_.peek());
          bool letter = h >= 'a' && h <= 'f';
          if (!is_digit(h) && !letter)
            return out_.fail("an escape without its hex digits", place_of(c_));
          v = v * 16 + static_cast<std::uint32_t>(letter ? h - 'a' + 10 : h - '0');
          c_.take();
        }
        append_utf8(text, v);
        return;
      }
      case '\n':
      case '\r':
      case ' ':
        c_.skip_space();
        return;
      default:
        text += e;
    }
  }

  TextCursor c_;
  const KeepGoing& keep_going_;
  Parsed out_;
  Table root_;
  Table* current_ = nullptr;
};

}  // namespace

Parsed parse_toml(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
