#pragma once
// What a syntax (YAML, JSON, TOML, INI, Dockerfile) reads: a tree that knows no product, with the
// place of every node. Dialects give it meaning.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"

namespace parapet {

struct Node {
  enum class Type : std::uint8_t { null, scalar, list, map };
  Type type = Type::null;
  bool quoted = false;    // a scalar that was written in quotes: "1" is not the number 1
  std::string text = {};  // a scalar's text, escapes undone
  std::string tag =
      {};  // a YAML tag that is not one of the core schema's, as "!!python/name:os.system"
  std::uint64_t offset = 0, length = 0;
  std::uint32_t line = 0, column = 0;
  std::vector<Node> keys = {};   // of a map, beside items; other types have none
  std::vector<Node> items = {};  // a list's items, or a map's values in the order of `keys`

  bool is_map() const { return type == Type::map; }
  bool is_list() const { return type == Type::list; }
  bool is_scalar() const { return type == Type::scalar; }
  // The value of a key; null when absent or when this is not a map. The last of duplicates wins, as
  // the products' parsers do.
  const Node* at(std::string_view key) const {
    if (type != Type::map) return nullptr;
    for (std::size_t i = keys.size(); i-- > 0;)
      if (keys[i].text == key) return &items[i];
    return nullptr;
  }
  // Follows "a.b.c"; a key that itself holds a dot needs at().
  const Node* find(std::string_view path) const {
    const Node* n = this;
    while (n != nullptr && !path.empty()) {
      auto dot = path.find('.');
      n = n->at(path.substr(0, dot));
      path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return n;
  }
  // The text of a scalar at a path; empty when there is none.
  std::string_view text_at(std::string_view path) const {
    const Node* n = find(path);
    return n != nullptr && n->is_scalar() ? std::string_view(n->text) : std::string_view();
  }
  Place place(std::string pointer = {}) const {
    return {offset, length, line, column, std::move(pointer)};
  }
};

struct Document {
  std::string syntax;  // "yaml", "json", "toml", "ini", "dockerfile"
  Node root;
};

}  // namespace parapet
