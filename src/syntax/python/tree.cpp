#include "syntax/python/tree.h"

namespace parapet::python {

Ast field(Ast node, Field which) {
  for (Ast c : children(node))
    if (c->field == which) return c;
  return nullptr;
}

Ast child_at(Ast node, std::size_t index) {
  for (Ast c : children(node))
    if (index-- == 0) return c;
  return nullptr;
}

std::size_t child_count(Ast node) {
  std::size_t n = 0;
  for (Ast c : children(node)) n += c != nullptr ? 1U : 0U;
  return n;
}

std::vector<Ast> listed(Ast node, std::size_t limit) {
  std::vector<Ast> out;
  for (Ast c : children(node, limit)) out.push_back(c);
  return out;
}

AstNode* Tree::make(Kind::Value kind, std::size_t begin, std::size_t end) {
  if (used_ == block) {
    blocks_.push_back(std::make_unique<AstNode[]>(block));
    used_ = 0;
  }
  AstNode* n = &blocks_.back()[used_++];
  n->kind = kind;
  n->begin = static_cast<std::uint32_t>(begin);
  n->end = static_cast<std::uint32_t>(end);
  return n;
}

}  // namespace parapet::python
