#pragma once
// The conditions of a rule as a tree, with three-valued answers.
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/document.h"
#include "rules/rule.h"

struct pcre2_real_code_8;

namespace parapet {

enum class Answer : std::uint8_t { no, unknown, yes };

struct Condition {
  enum class Type : std::uint8_t {
    all,
    any,
    none,
    equals,
    regex,
    contains,
    prefix,
    suffix,
    exists,
    at_least,
    below,
    more_than,
    less_than,
    version_below,
    version_from,
    glob
  } type = Type::all;
  std::string attribute;            // of the tests
  std::vector<std::string> values;  // what the test compares with; any of them
  std::vector<Condition> parts;     // of all, any, none
  std::shared_ptr<pcre2_real_code_8> pattern;
  bool wanted = true;  // exists
};

Result<Condition> read_conditions(const Node&);
Answer holds(const Condition&, const FactView&);

// Every attribute that a condition names, for lint.
void attributes_of(const Condition&, std::vector<std::string>& out);

// The value of an attribute as conditions see it, for messages; empty when absent.
std::string attribute_text(const FactView&, std::string_view name);

}  // namespace parapet
