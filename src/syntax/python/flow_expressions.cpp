// What values an expression may be made of.
#include <algorithm>

#include "base/text.h"
#include "syntax/python/flow.h"
#include "syntax/python/flow_tables.h"

namespace parapet::python {
namespace {

constexpr unsigned max_depth = 150;
constexpr std::size_t max_ways = 1U << 20U;

}  // namespace

Taint Flow::from(PyOrigin origin, Ast n) {
  Taint t;
  if (ways_.size() >= max_ways) return t;
  std::uint64_t at = n->begin;
  ways_.push_back({0, {at, n->end - at}});
  t.labels = bit_of(origin);
  t.outside = static_cast<std::uint32_t>(ways_.size() - 1);
  return t;
}

void Flow::step(Taint& t, Ast n) {
  if (ways_.size() + 2 >= max_ways) return;
  std::uint64_t at = n->begin;
  PyStep s{at, n->end - at};
  for (std::uint32_t* way : {&t.outside, &t.parameter}) {
    if (*way == 0) continue;
    const PyStep& before = ways_[*way].step;
    if (before.offset == s.offset) continue;
    // The assignment that the origin stands in says it all.
    if (ways_[*way].before == 0 && before.offset > s.offset &&
        before.offset < s.offset + s.length) {
      ways_.push_back({0, s});
    } else {
      ways_.push_back({*way, s});
    }
    *way = static_cast<std::uint32_t>(ways_.size() - 1);
  }
}

std::vector<PyStep> Flow::way(std::uint32_t id) const {
  std::vector<PyStep> out;
  for (std::size_t i = 0; id != 0 && i < 1000; ++i, id = ways_[id].before)
    out.push_back(ways_[id].step);
  std::reverse(out.begin(), out.end());
  return out;
}

Taint* Flow::attribute_of_self(std::string_view name) {
  for (std::uint32_t s = scope_;; s = source_.scopes[s].parent) {
    if (source_.scopes[s].type == Scope::Type::classes) return &attributes_[s][name];
    if (s == 0) return nullptr;
  }
}

Taint Flow::parts(Ast n, unsigned depth) {
  Taint t;
  for (Ast child : children(n)) t.join(expression(child, depth + 1));
  return t;
}

Taint Flow::identifier(Ast n) {
  Taint t = lookup(source_.of(n), scope_);
  if (!t.empty()) return t;
  Resolved r = evaluation_.resolve(n, scope_);
  if (r.rooted)
    for (const FlowSource& s : source_roots)
      if (r.name == s.name) return from(s.origin, n);
  return {};
}

Taint Flow::attribute(Ast n, unsigned depth) {
  Ast object = field(n, Field::object);
  std::string_view name = source_.of(field(n, Field::attribute));
  bool of_self = kind_of(object) == Kind::identifier && source_.of(object) == "self";
  if ((web_ && among(request_parts, name)) || among(telling_parts, name)) {
    std::string_view o = source_.of(object);
    bool request = o == "request" || o == "req" || o == "self.request" || o == "http_request";
    if (request && kind_of(object) == Kind::identifier && scope_ != 0) {
      std::uint32_t in = 0;
      const Binding* b = evaluation_.find(o, scope_, in);
      request =
          b == nullptr || b->type == Binding::Type::parameter || b->type == Binding::Type::import;
    }
    if (request) return from(PyOrigin::request, n);
  }
  if (of_self) {
    const Taint* t = attribute_of_self(name);
    return t != nullptr ? *t : Taint{};
  }
  // sys.argv, and objects below flask.request that are no parts of it.
  Resolved r = kind_of(object) == Kind::identifier ? evaluation_.resolve(n, scope_) : Resolved{};
  if (r.rooted)
    for (const FlowSource& s : source_roots)
      if (r.name == s.name) return from(s.origin, n);
  Taint t = expression(object, depth + 1);
  t.flat = t.flat || (!t.empty() && among(last_parts, name));
  return t;
}

Taint Flow::expression(Ast n, unsigned depth) {
  if (n == nullptr || stopped_) return {};
  if (depth > max_depth) {
    if (out_.problem.empty()) {
      out_.problem = "values were not followed into deeply nested expressions";
      out_.problem_at = n->begin;
    }
    return {};
  }
  if (keep_going_ && !keep_going_()) {
    stopped_ = true;
    return {};
  }
  switch (+kind_of(n)) {
    case Kind::identifier:
      return identifier(n);
    case Kind::attribute:
      return attribute(n, depth);
    case Kind::call:
      return call(n, depth);
    case Kind::integer:
    case Kind::float_:
    case Kind::function_definition:
    case Kind::class_definition:
      return {};
    case Kind::string:
    case Kind::concatenated_string: {
      if (n->child == nullptr) return {};
      Taint t = parts(n, depth);
      t.composed = true;
      return t;
    }
    case Kind::binary_operator: {
      // a + b + c + …: the left side is taken apart in a loop.
      Taint t;
      while (kind_of(n) == Kind::binary_operator) {
        t.join(expression(field(n, Field::right), depth + 1));
        n = field(n, Field::left);
      }
      t.join(expression(n, depth + 1));
      t.composed = true;
      return t;
    }
    case Kind::comparison:
    case Kind::not_operator:
      parts(n, depth);
      return {};
    case Kind::conditional: {
      Taint t;
      std::vector<Ast> c = listed(n, 3);
      for (std::size_t i = 0; i < c.size(); ++i) {
        Taint part = expression(c[i], depth + 1);
        std::vector<std::string_view> clean;
        if (i == 0 && c.size() == 3) guard(c[1], true, clean, 0);
        bool checked = std::find(clean.begin(), clean.end(), source_.of(c[i])) != clean.end();
        if (i != 1 && !checked) t.join(part);
      }
      return t;
    }
    case Kind::subscript: {
      for (Ast c : children(n, 8))
        if (c != field(n, Field::value)) expression(c, depth + 1);
      return expression(field(n, Field::value), depth + 1);
    }
    case Kind::pair: {
      expression(field(n, Field::key), depth + 1);
      return expression(field(n, Field::value), depth + 1);
    }
    case Kind::keyword_argument:
      return expression(field(n, Field::value), depth + 1);
    case Kind::named_expression: {
      Taint t = expression(field(n, Field::value), depth + 1);
      assign(field(n, Field::name), nullptr, t, 0);
      return t;
    }
    case Kind::as_pattern: {
      Taint t = expression(child_at(n, 0), depth + 1);
      assign(field(n, Field::alias), nullptr, t, 0);
      return t;
    }
    case Kind::comprehension: {
      Taint t;
      for (bool clauses : {true, false})
        for (Ast c : children(n, 64)) {
          if ((kind_of(c) == Kind::for_in_clause) != clauses) continue;
          if (clauses)
            assign(field(c, Field::left), nullptr, expression(field(c, Field::right), depth + 1),
                   0);
          else
            t.join(expression(c, depth + 1));
        }
      return t;
    }
    case Kind::lambda:
      return expression(field(n, Field::body), depth + 1);
    default:
      return parts(n, depth);
  }
}

}  // namespace parapet::python
