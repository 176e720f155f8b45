#include "syntax/python/grammar.h"

#include <array>
#include <cstring>
#include <utility>
#include <vector>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace parapet::python {
namespace {

// In the order of Field.
constexpr const char* field_names[] = {
    "alias",       "alternative",  "arguments",  "attribute", "body",       "condition",
    "consequence", "definition",   "expression", "function",  "key",        "left",
    "module_name", "name",         "object",     "operator",  "parameters", "right",
    "subscript",   "superclasses", "type",       "value"};
static_assert(std::size(field_names) == static_cast<std::size_t>(Field::value) + 1);

struct Tables {
  std::vector<Kind::Value> kinds;
  std::array<TSFieldId, std::size(field_names)> fields{};

  Tables() {
    static constexpr std::pair<const char*, Kind::Value> names[] = {
        {"aliased_import", Kind::aliased_import},
        {"argument_list", Kind::argument_list},
        {"as_pattern", Kind::as_pattern},
        {"as_pattern_target", Kind::as_pattern_target},
        {"assert_statement", Kind::assert_statement},
        {"assignment", Kind::assignment},
        {"attribute", Kind::attribute},
        {"augmented_assignment", Kind::augmented_assignment},
        {"await", Kind::await_},
        {"binary_operator", Kind::binary_operator},
        {"block", Kind::block},
        {"boolean_operator", Kind::boolean_operator},
        {"break_statement", Kind::break_statement},
        {"call", Kind::call},
        {"case_clause", Kind::case_clause},
        {"class_definition", Kind::class_definition},
        {"comment", Kind::comment},
        {"comparison_operator", Kind::comparison},
        {"concatenated_string", Kind::concatenated_string},
        {"conditional_expression", Kind::conditional},
        {"continue_statement", Kind::break_statement},
        {"decorated_definition", Kind::decorated_definition},
        {"decorator", Kind::decorator},
        {"default_parameter", Kind::default_parameter},
        {"dictionary", Kind::dictionary},
        {"dictionary_comprehension", Kind::comprehension},
        {"dictionary_splat", Kind::dictionary_splat},
        {"dotted_name", Kind::dotted_name},
        {"elif_clause", Kind::elif_clause},
        {"else_clause", Kind::else_clause},
        {"except_clause", Kind::except_clause},
        {"except_group_clause", Kind::except_clause},
        {"expression_list", Kind::list},
        {"expression_statement", Kind::expression_statement},
        {"false", Kind::false_},
        {"finally_clause", Kind::finally_clause},
        {"float", Kind::float_},
        {"for_in_clause", Kind::for_in_clause},
        {"for_statement", Kind::for_statement},
        {"function_definition", Kind::function_definition},
        {"future_import_statement", Kind::future_import},
        {"generator_expression", Kind::comprehension},
        {"global_statement", Kind::global_statement},
        {"identifier", Kind::identifier},
        {"if_statement", Kind::if_statement},
        {"import_from_statement", Kind::import_from},
        {"import_statement", Kind::import_statement},
        {"integer", Kind::integer},
        {"interpolation", Kind::interpolation},
        {"keyword_argument", Kind::keyword_argument},
        {"lambda", Kind::lambda},
        {"lambda_parameters", Kind::lambda_parameters},
        {"list", Kind::list},
        {"list_comprehension", Kind::comprehension},
        {"list_pattern", Kind::pattern_list},
        {"list_splat", Kind::list_splat},
        {"match_statement", Kind::match_statement},
        {"named_expression", Kind::named_expression},
        {"none", Kind::none},
        {"not_operator", Kind::not_operator},
        {"pair", Kind::pair},
        {"parameters", Kind::parameters},
        {"parenthesized_expression", Kind::parenthesized},
        {"pattern_list", Kind::pattern_list},
        {"raise_statement", Kind::raise_statement},
        {"relative_import", Kind::relative_import},
        {"return_statement", Kind::return_statement},
        {"set", Kind::list},
        {"set_comprehension", Kind::comprehension},
        {"string", Kind::string},
        {"string_content", Kind::string_content},
        {"string_end", Kind::string_end},
        {"string_start", Kind::string_start},
        {"subscript", Kind::subscript},
        {"true", Kind::true_},
        {"try_statement", Kind::try_statement},
        {"tuple", Kind::list},
        {"tuple_pattern", Kind::pattern_list},
        {"typed_default_parameter", Kind::typed_default_parameter},
        {"typed_parameter", Kind::typed_parameter},
        {"unary_operator", Kind::unary_operator},
        {"while_statement", Kind::while_statement},
        {"wildcard_import", Kind::wildcard_import},
        {"with_statement", Kind::with_statement},
    };
    const TSLanguage* l = language();
    std::uint32_t count = ts_language_symbol_count(l);
    kinds.assign(count, Kind::other);
    for (std::uint32_t s = 0; s < count; ++s) {
      auto symbol = static_cast<TSSymbol>(s);
      if (ts_language_symbol_type(l, symbol) != TSSymbolTypeRegular) continue;
      const char* name = ts_language_symbol_name(l, symbol);
      for (const auto& [text, kind] : names)
        if (std::strcmp(name, text) == 0) kinds[s] = kind;
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
      fields[i] = ts_language_field_id_for_name(
          l, field_names[i], static_cast<std::uint32_t>(std::strlen(field_names[i])));
  }
};

const Tables& tables() {
  static const Tables t;
  return t;
}

}  // namespace

const TSLanguage* language() { return tree_sitter_python(); }

Kind::Value kind_of(TSNode node) {
  if (ts_node_is_null(node)) return Kind::other;
  TSSymbol s = ts_node_symbol(node);
  const auto& kinds = tables().kinds;
  return s < kinds.size() ? kinds[s] : Kind::error;
}

TSNode field(TSNode node, Field which) {
  return ts_node_child_by_field_id(node, tables().fields[static_cast<std::size_t>(which)]);
}

}  // namespace parapet::python
