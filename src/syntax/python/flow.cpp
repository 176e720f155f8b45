#include "syntax/python/flow.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "syntax/python/flow_tables.h"

namespace parapet::python {
namespace {

constexpr unsigned max_rounds = 4;
constexpr unsigned max_depth = 120;           // statements in statements
constexpr std::size_t max_parts = 1U << 20U;  // branches of one statement

bool imports_one_of(const PythonModule& m, std::span<const std::string_view> names) {
  return std::any_of(m.imports.begin(), m.imports.end(), [&](const PyImport& i) {
    std::string_view root = std::string_view(i.module).substr(0, i.module.find('.'));
    return std::find(names.begin(), names.end(), root) != names.end();
  });
}

bool ends_the_program(std::string_view callee) {
  for (std::string_view n : {"abort", "flask.abort", "sys.exit", "exit", "quit", "os._exit"})
    if (callee == n) return true;
  return false;
}

}  // namespace

Flow::Flow(Source& source, Evaluation& evaluation, const CallIndex& calls, PythonModule& out,
           const KeepGoing& keep_going)
    : source_(source),
      evaluation_(evaluation),
      calls_(calls),
      out_(out),
      keep_going_(keep_going),
      names_(source.scopes.size()),
      attributes_(source.scopes.size()),
      summaries_(source.scopes.size()),
      web_(imports_one_of(out, web_libraries)),
      models_(imports_one_of(out, model_libraries)),
      sql_(imports_one_of(out, sql_libraries)),
      sockets_(imports_one_of(out, socket_libraries)) {}

void Flow::run(Ast root) {
  for (unsigned round = 0; round < max_rounds && !stopped_; ++round) {
    changed_ = false;
    for (std::uint32_t s = 0; s < source_.scopes.size() && !stopped_; ++s)
      unit(s, s == 0 ? root : source_.scopes[s].node);
    if (!changed_) break;
  }
  for (auto& [key, flow] : flows_) out_.flows.push_back(std::move(flow));
  if (stopped_ && out_.problem.empty())
    out_.problem = "the limit of steps while values were followed";
}

void Flow::unit(std::uint32_t scope, Ast node) {
  scope_ = scope;
  dead_ = false;
  journals_.clear();
  Scope& s = source_.scopes[scope];
  for (std::size_t i = 0; i < s.parameters.size() && i < max_parameters; ++i) {
    Ast at = s.parameters[i];
    std::string_view name = source_.of(at);
    auto bound = s.names.find(name);
    Taint t;
    if (bound != s.names.end() && bound->second.origin != PyOrigin::program)
      t = from(bound->second.origin, at);
    if (bound == s.names.end() || !bound->second.harmless) {
      t.labels |= 1U << (origin_bits + i);
      ways_.push_back({0, {at->begin, name.size()}});
      t.parameter = static_cast<std::uint32_t>(ways_.size() - 1);
    }
    names_[scope][name] = t;
  }
  std::uint64_t before = 0;
  auto digest = [&] {
    std::uint64_t d = 0;
    for (const auto& [name, t] : names_[scope])
      d += std::hash<std::string_view>{}(name) * (t.labels + 1U);
    return d;
  };
  before = digest();
  statements(scope == 0 ? node : field(node, Field::body), 0);
  if (digest() != before) changed_ = true;
}

Taint Flow::lookup(std::string_view name, std::uint32_t scope) const {
  for (bool first = true;; first = false) {
    const Scope& s = source_.scopes[scope];
    if (first || s.type != Scope::Type::classes) {
      auto it = names_[scope].find(name);
      if (it != names_[scope].end()) return it->second;
      if (s.names.contains(name)) return {};
    }
    if (scope == 0) return {};
    scope = s.parent;
  }
}

void Flow::set(std::string_view name, const Taint& t) {
  Taint& now = names_[scope_][name];
  if (!journals_.empty()) journals_.back().try_emplace(name, now);
  now = t;
}

void Flow::statements(Ast block, unsigned depth) {
  if (block == nullptr) return;
  for (Ast n : children(block)) {
    if (stopped_) return;
    statement(n, depth);
  }
}

void Flow::statement(Ast n, unsigned depth) {
  if (depth > max_depth || stopped_) return;
  if (keep_going_ && !keep_going_()) {
    stopped_ = true;
    return;
  }
  switch (+kind_of(n)) {
    case Kind::function_definition:
    case Kind::class_definition:
    case Kind::import_statement:
    case Kind::import_from:
    case Kind::future_import:
    case Kind::global_statement:
      return;
    case Kind::decorated_definition:
      return;
    case Kind::block:
    case Kind::with_statement:
      return statements(n, depth + 1);
    case Kind::if_statement:
      return if_statement(n, depth);
    case Kind::for_statement: {
      Taint t = expression(field(n, Field::right), depth + 1);
      assign(field(n, Field::left), nullptr, t, 0);
      return branches(n, depth);
    }
    case Kind::while_statement:
    case Kind::match_statement:
      return branches(n, depth);
    case Kind::try_statement:
      statements(field(n, Field::body), depth + 1);
      for (Ast c : children(n, max_parts))
        if (kind_of(c) == Kind::except_clause || kind_of(c) == Kind::else_clause) {
          begin();
          statements(c, depth + 1);
          bool dead = dead_;
          Journal j = end();
          dead_ = false;
          if (!dead) merge({j}, true);
        } else if (kind_of(c) == Kind::finally_clause) {
          statements(c, depth + 1);
        }
      return;
    case Kind::return_statement: {
      Taint t = expression(child_at(n, 0), depth + 1);
      Taint& returns = summaries_[scope_].returns;
      if ((t.labels & ~returns.labels) != 0) {
        returns.join(t);
        changed_ = true;
      }
      dead_ = true;
      return;
    }
    case Kind::raise_statement:
      expression(child_at(n, 0), depth + 1);
      dead_ = true;
      return;
    case Kind::break_statement:
      dead_ = true;
      return;
    case Kind::assert_statement: {
      expression(child_at(n, 0), depth + 1);
      std::vector<std::string_view> clean;
      guard(child_at(n, 0), true, clean, 0);
      for (std::string_view name : clean) set(name, {});
      return;
    }
    case Kind::expression_statement: {
      for (Ast e : children(n, 64)) {
        statement(e, depth + 1);
        if (kind_of(e) == Kind::call &&
            ends_the_program(evaluation_.resolve(field(e, Field::function), scope_).name))
          dead_ = true;
      }
      return;
    }
    case Kind::assignment: {
      Ast right = field(n, Field::right);
      if (right == nullptr) return;
      if (kind_of(right) == Kind::assignment) statement(right, depth + 1);
      while (kind_of(right) == Kind::assignment) right = field(right, Field::right);
      Taint t = expression(right, depth + 1);
      if (!t.empty()) step(t, n);
      return assign(field(n, Field::left), right, t, 0);
    }
    case Kind::augmented_assignment: {
      Taint t = expression(field(n, Field::left), depth + 1);
      t.join(expression(field(n, Field::right), depth + 1));
      t.composed = true;
      return assign(field(n, Field::left), nullptr, t, 0);
    }
    default:
      expression(n, depth + 1);
  }
}

void Flow::assign(Ast target, Ast value, const Taint& t, unsigned depth) {
  if (depth > 4 || target == nullptr) return;
  switch (+kind_of(target)) {
    case Kind::identifier:
      return set(source_.of(target), t);
    case Kind::pattern_list:
    case Kind::list:
    case Kind::as_pattern_target:
    case Kind::parenthesized: {
      // a, b = f(x), y: each its own, where both sides are written out.
      std::vector<Ast> targets = listed(target, 32);
      std::vector<Ast> values =
          kind_of(value) == Kind::list ? listed(value, 33) : std::vector<Ast>{};
      for (std::size_t i = 0; i < targets.size(); ++i) {
        bool own = values.size() == targets.size();
        assign(targets[i], own ? values[i] : nullptr, own ? expression(values[i], 8) : t,
               depth + 1);
      }
      return;
    }
    case Kind::attribute: {
      Ast object = field(target, Field::object);
      if (kind_of(object) == Kind::identifier && source_.of(object) == "self") {
        Taint* of_self = attribute_of_self(source_.of(field(target, Field::attribute)));
        if (of_self != nullptr) {
          // Of the parameters of one method another knows nothing.
          Taint outside = t;
          outside.labels &= origin_mask;
          outside.parameter = 0;
          if ((outside.labels & ~of_self->labels) != 0) {
            of_self->join(outside);
            changed_ = true;
          }
        }
        return;
      }
      if (t.empty()) return;
      return assign(
          object, nullptr,
          [&] {
            Taint both = expression(object, 8);
            both.join(t);
            return both;
          }(),
          depth + 1);
    }
    case Kind::subscript: {
      if (t.empty()) return;
      Ast object = field(target, Field::value);
      Taint both = expression(object, 8);
      both.join(t);
      return assign(object, nullptr, both, depth + 1);
    }
    default:
      return;
  }
}

void find_flows(Ast root, Source& source, Evaluation& evaluation, const CallIndex& calls,
                PythonModule& out, const KeepGoing& keep_going) {
  Flow(source, evaluation, calls, out, keep_going).run(root);
}

}  // namespace parapet::python
