#include "syntax/python/grammar.h"

#include <array>
#include <cstring>
#include <utility>
#include <vector>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace parapet::python {
namespace {

struct Tables {
  std::vector<Kind::Value> kinds;
  std::array<TSFieldId, 18> fields{};

  Tables() {
    static constexpr std::pair<const char*, Kind::Value> names[] = {
        {"aliased_import", Kind::aliased_import},
        {"argument_list", Kind::argument_list},
        {"as_pattern", Kind::as_pattern},
        {"as_pattern_target", Kind::as_pattern_target},
        {"assignment", Kind::assignment},
        {"attribute", Kind::attribute},
        {"augmented_assignment", Kind::augmented_assignment},
        {"await", Kind::await_},
        {"binary_operator", Kind::binary_operator},
        {"boolean_operator", Kind::boolean_operator},
        {"call", Kind::call},
        {"class_definition", Kind::class_definition},
        {"comment", Kind::comment},
        {"list_comprehension", Kind::comprehension},
        {"set_comprehension", Kind::comprehension},
        {"dictionary_comprehension", Kind::comprehension},
        {"generator_expression", Kind::comprehension},
        {"concatenated_string", Kind::concatenated_string},
        {"conditional_expression", Kind::conditional},
        {"decorated_definition", Kind::decorated_definition},
        {"decorator", Kind::decorator},
        {"default_parameter", Kind::default_parameter},
        {"dictionary", Kind::dictionary},
        {"dictionary_splat", Kind::dictionary_splat},
        {"dotted_name", Kind::dotted_name},
        {"except_clause", Kind::except_clause},
        {"false", Kind::false_},
        {"float", Kind::float_},
        {"for_in_clause", Kind::for_in_clause},
        {"for_statement", Kind::for_statement},
        {"function_definition", Kind::function_definition},
        {"future_import_statement", Kind::future_import},
        {"global_statement", Kind::global_statement},
        {"identifier", Kind::identifier},
        {"import_from_statement", Kind::import_from},
        {"import_statement", Kind::import_statement},
        {"integer", Kind::integer},
        {"interpolation", Kind::interpolation},
        {"keyword_argument", Kind::keyword_argument},
        {"lambda", Kind::lambda},
        {"lambda_parameters", Kind::lambda_parameters},
        {"list", Kind::list},
        {"tuple", Kind::list},
        {"set", Kind::list},
        {"expression_list", Kind::list},
        {"list_splat", Kind::list_splat},
        {"named_expression", Kind::named_expression},
        {"none", Kind::none},
        {"parameters", Kind::parameters},
        {"parenthesized_expression", Kind::parenthesized},
        {"pattern_list", Kind::pattern_list},
        {"tuple_pattern", Kind::pattern_list},
        {"list_pattern", Kind::pattern_list},
        {"relative_import", Kind::relative_import},
        {"string", Kind::string},
        {"string_content", Kind::string_content},
        {"string_end", Kind::string_end},
        {"string_start", Kind::string_start},
        {"subscript", Kind::subscript},
        {"true", Kind::true_},
        {"typed_default_parameter", Kind::typed_default_parameter},
        {"typed_parameter", Kind::typed_parameter},
        {"unary_operator", Kind::unary_operator},
        {"wildcard_import", Kind::wildcard_import},
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
    static constexpr const char* field_names[] = {
        "alias",      "alternative", "arguments", "attribute",   "body", "definition",
        "expression", "function",    "left",      "module_name", "name", "object",
        "operator",   "parameters",  "right",     "subscript",   "type", "value"};
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
