#pragma once
// tree-sitter's Python grammar in terms of enums, so that a walk compares small integers.
#include <tree_sitter/api.h>

#include <cstdint>

namespace parapet::python {

// Not an enum class: switches are over +kind, of a few out of many.
struct Kind {
  enum Value : std::uint8_t {
    other,
    error,
    aliased_import,
    argument_list,
    as_pattern,
    as_pattern_target,
    assignment,
    attribute,
    augmented_assignment,
    await_,
    binary_operator,
    boolean_operator,
    call,
    class_definition,
    comment,
    comprehension,
    concatenated_string,
    conditional,
    decorated_definition,
    decorator,
    default_parameter,
    dictionary,
    dictionary_splat,
    dotted_name,
    except_clause,
    false_,
    float_,
    for_in_clause,
    for_statement,
    function_definition,
    future_import,
    global_statement,
    identifier,
    import_from,
    import_statement,
    integer,
    interpolation,
    keyword_argument,
    lambda,
    lambda_parameters,
    list,
    list_splat,
    named_expression,
    none,
    parameters,
    parenthesized,
    pattern_list,
    relative_import,
    string,
    string_content,
    string_end,
    string_start,
    subscript,
    true_,
    typed_default_parameter,
    typed_parameter,
    unary_operator,
    wildcard_import,
  };
};

enum class Field : std::uint8_t {
  alias,
  alternative,
  arguments,
  attribute,
  body,
  definition,
  expression,
  function,
  left,
  module_name,
  name,
  object,
  operator_,
  parameters,
  right,
  subscript,
  type,
  value,
};

Kind::Value kind_of(TSNode node);
TSNode field(TSNode node, Field which);  // null node when absent
const TSLanguage* language();

}  // namespace parapet::python
