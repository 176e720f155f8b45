// Statements that may not be run, and the checks that decide it.
#include <algorithm>

#include "base/text.h"
#include "syntax/python/flow.h"

namespace parapet::python {
namespace {

constexpr std::size_t max_parts = 1U << 20U;  // branches of one statement
constexpr std::size_t max_checked = 64;       // names that the conditions of one statement check

// Parts of the names of functions that check: "if not allowed_file(name): abort(400)".
constexpr std::string_view checks[] = {
    "valid",     "allowed",  "is_safe",   "whitelist", "permitted", "is_relative_to", "authorized",
    "fullmatch", "re.match", "re.search", "isdigit",   "isalnum",   "isidentifier",   "isnumeric"};

bool says_it_checks(std::string_view name) {
  std::string n = lower(name);
  return std::any_of(std::begin(checks), std::end(checks),
                     [&](std::string_view part) { return contains(n, part); });
}

}  // namespace

void Flow::begin() {
  journals_.emplace_back();
  dead_ = false;
}

// What the branch made of the names that it changed; they are as before it again.
Journal Flow::end() {
  Journal changed = std::move(journals_.back());
  journals_.pop_back();
  for (auto& [name, t] : changed) std::swap(t, names_[scope_][name]);
  return changed;
}

// After branches of which one was run, or none where they may be skipped.
void Flow::merge(const std::vector<Journal>& ends, bool may_skip) {
  Journal all;
  std::map<std::string_view, std::size_t> times;
  for (const Journal& j : ends)
    for (const auto& [name, t] : j) {
      all[name].join(t);
      ++times[name];
    }
  for (auto& [name, t] : all) {
    if (may_skip || times[name] < ends.size()) t.join(names_[scope_][name]);
    set(name, t);
  }
}

void Flow::guard(Ast n, bool truth, std::vector<std::string_view>& clean, unsigned depth) {
  if (depth > 8 || n == nullptr) return;
  switch (+kind_of(n)) {
    case Kind::parenthesized:
      return guard(child_at(n, 0), truth, clean, depth + 1);
    case Kind::not_operator:
      return guard(child_at(n, 0), !truth, clean, depth + 1);
    case Kind::boolean_operator:
      if ((source_.operator_of(n) == "and") == truth) {
        guard(field(n, Field::left), truth, clean, depth + 1);
        guard(field(n, Field::right), truth, clean, depth + 1);
      }
      return;
    case Kind::comparison: {
      if (child_count(n) != 2) return;
      Ast left = child_at(n, 0);
      Ast right = child_at(n, 1);
      std::size_t end = left->end;
      std::string_view op = trim(source_.text.substr(end, right->begin - end));
      bool equal = op == "in" || op == "==";
      if (!equal && op != "not in" && op != "!=") return;
      // "if base not in path.parents: raise"
      if (kind_of(right) == Kind::attribute && equal == truth &&
          source_.of(field(right, Field::attribute)) == "parents" &&
          kind_of(field(right, Field::object)) == Kind::identifier)
        clean.push_back(source_.of(field(right, Field::object)));
      bool text = kind_of(right) == Kind::string;
      if (kind_of(left) == Kind::identifier && equal == truth && text == (op == "==" || op == "!="))
        clean.push_back(source_.of(left));
      return;
    }
    case Kind::call: {
      if (!truth || !says_it_checks(source_.of(field(n, Field::function)))) return;
      Ast function = field(n, Field::function);
      if (kind_of(function) == Kind::attribute &&
          kind_of(field(function, Field::object)) == Kind::identifier)
        clean.push_back(source_.of(field(function, Field::object)));
      for (Ast a : children(field(n, Field::arguments), 8))
        if (kind_of(a) == Kind::identifier) clean.push_back(source_.of(a));
      return;
    }
    default:
      return;
  }
}

void Flow::if_statement(Ast n, unsigned depth) {
  std::vector<Journal> ends;
  bool otherwise = false;
  bool all_dead = true;
  std::vector<std::string_view> passed;  // checked by the conditions that did not hold
  auto branch = [&](Ast condition, Ast body) {
    begin();
    std::vector<std::string_view> clean = passed;
    if (condition != nullptr) guard(condition, true, clean, 0);
    for (std::string_view name : clean) set(name, {});
    statements(body, depth + 1);
    bool dead = dead_;
    Journal j = end();
    if (!dead) ends.push_back(std::move(j));
    all_dead = all_dead && dead;
    if (condition != nullptr && passed.size() < max_checked) guard(condition, false, passed, 0);
  };
  expression(field(n, Field::condition), depth + 1);
  branch(field(n, Field::condition), field(n, Field::consequence));
  for (Ast c : children(n, max_parts)) {
    if (kind_of(c) == Kind::elif_clause) {
      expression(field(c, Field::condition), depth + 1);
      branch(field(c, Field::condition), field(c, Field::consequence));
    } else if (kind_of(c) == Kind::else_clause) {
      otherwise = true;
      branch(nullptr, field(c, Field::body));
    }
  }
  if (!otherwise) {
    begin();
    for (std::string_view name : passed) set(name, {});
    ends.push_back(end());
  }
  dead_ = otherwise && all_dead;
  if (!ends.empty()) merge(ends, false);
}

// Loops, handlers, cases: each part may be run or not.
void Flow::branches(Ast n, unsigned depth) {
  std::vector<Journal> ends;
  for (Ast c : children(n, max_parts)) {
    Kind::Value k = kind_of(c);
    bool part = k == Kind::block || k == Kind::except_clause || k == Kind::else_clause ||
                k == Kind::case_clause;
    if (!part) {
      expression(c, depth + 1);
      continue;
    }
    begin();
    statements(c, depth + 1);
    bool dead = dead_;
    Journal j = end();
    if (!dead) ends.push_back(std::move(j));
  }
  dead_ = false;
  merge(ends, true);
}

}  // namespace parapet::python
