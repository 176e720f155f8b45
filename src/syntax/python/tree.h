#pragma once
// The syntax tree of a Python source, and the reader that makes it (Python Language Reference 3.13,
// chapter 10, with what Python 2 wrote differently). The tree is close to the source: parentheses,
// keywords of arguments and parts of f-strings are nodes, comments and operators are not.
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace parapet::python {

// Not an enum class: switches are over +kind, of a few out of many.
struct Kind {
  enum Value : std::uint8_t {
    other,
    error,  // what could not be read: the rest of a line, after what was understood of it
    aliased_import,
    argument_list,
    as_pattern,
    as_pattern_target,
    assert_statement,
    assignment,
    attribute,
    augmented_assignment,
    await_,
    binary_operator,
    block,
    boolean_operator,
    break_statement,
    call,
    case_clause,
    class_definition,
    comparison,
    comprehension,
    concatenated_string,
    conditional,
    decorated_definition,
    decorator,
    default_parameter,
    dictionary,
    dictionary_splat,
    dotted_name,
    elif_clause,
    else_clause,
    except_clause,
    expression_statement,
    false_,
    finally_clause,
    float_,
    for_in_clause,
    for_statement,
    function_definition,
    future_import,
    global_statement,
    identifier,
    if_statement,
    import_from,
    import_statement,
    integer,
    interpolation,
    keyword_argument,
    lambda,
    lambda_parameters,
    list,
    list_splat,
    match_statement,
    named_expression,
    none,
    not_operator,
    pair,
    parameters,
    parenthesized,
    pattern_list,
    raise_statement,
    relative_import,
    return_statement,
    string,
    subscript,
    true_,
    try_statement,
    typed_default_parameter,
    typed_parameter,
    unary_operator,
    while_statement,
    wildcard_import,
    with_statement,
  };
};

enum class Field : std::uint8_t {
  none,
  alias,
  alternative,
  arguments,
  attribute,
  body,
  condition,
  consequence,
  definition,
  expression,
  function,
  key,
  left,
  module_name,
  name,
  object,
  parameters,
  right,
  subscript,
  superclasses,
  type,
  value,
};

// One node. Of nodes that no code asks for the kind is `other`; their children are there.
struct AstNode {
  Kind::Value kind = Kind::other;
  Field field = Field::none;  // which part of its parent it is
  // Of a binary or boolean operation where its operator stands and its bytes; of a string where its
  // content begins and the bytes of its closing quotes.
  std::uint8_t mark_length = 0;
  std::uint32_t mark = 0;
  std::uint32_t begin = 0, end = 0;  // offsets in the source; end is one past
  const AstNode* child = nullptr;    // the first
  const AstNode* next = nullptr;     // of the same parent
};
using Ast = const AstNode*;  // null where there is no such part

inline Kind::Value kind_of(Ast node) { return node == nullptr ? Kind::other : node->kind; }
Ast field(Ast node, Field which);           // the first part of that name, or null
Ast child_at(Ast node, std::size_t index);  // null past the last
std::size_t child_count(Ast node);

// The children of a node, at most `limit`, for loops.
class Children {
 public:
  struct Iterator {
    Ast at;
    std::size_t left;
    Ast operator*() const { return at; }
    Iterator& operator++() {
      at = --left == 0 ? nullptr : at->next;
      return *this;
    }
    bool operator!=(const Iterator& o) const { return at != o.at; }
  };
  Children(Ast parent, std::size_t limit)
      : first_(parent == nullptr || limit == 0 ? nullptr : parent->child), limit_(limit) {}
  Iterator begin() const { return {first_, limit_}; }
  static Iterator end() { return {nullptr, 0}; }

 private:
  Ast first_;
  std::size_t limit_;
};
inline Children children(Ast node, std::size_t limit = SIZE_MAX) { return {node, limit}; }
std::vector<Ast> listed(Ast node, std::size_t limit);

// Owns the nodes.
class Tree {
 public:
  AstNode* make(Kind::Value kind, std::size_t begin, std::size_t end);
  Ast root = nullptr;

 private:
  static constexpr std::size_t block = 512;
  std::vector<std::unique_ptr<AstNode[]>> blocks_;
  std::size_t used_ = block;
};

// Reads to the end whatever stands there: a statement that is not Python becomes what was
// understood of it and a node of kind error, and reading goes on with the next line. `text` has at
// most 2^31 bytes. Linear in time; nesting deeper than max_nesting is an error.
inline constexpr unsigned max_nesting = 200;  // as CPython's tokenizer
Tree parse(std::string_view text);

}  // namespace parapet::python
