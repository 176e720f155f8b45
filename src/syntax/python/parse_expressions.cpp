// Expressions of Python, by precedence (Python Language Reference, 6.17).
#include <algorithm>
#include <utility>

#include "syntax/python/parser.h"

namespace parapet::python {
namespace {

unsigned precedence(const Token& t) {
  if (t.type == Token::Type::word) switch (t.code) {
      case code(Word::or_):
        return disjunction;
      case code(Word::and_):
        return conjunction;
      case code(Word::in):
      case code(Word::is):
      case code(Word::not_):
        return comparing;
      default:
        return none;
    }
  if (t.type != Token::Type::op) return none;
  switch (t.code) {
    case op("<"):
    case op(">"):
    case op("=="):
    case op(">="):
    case op("<="):
    case op("!="):
    case op("<>"):
      return comparing;
    case op("|"):
      return bit_or;
    case op("^"):
      return arithmetic;
    case op("&"):
      return arithmetic + 1;
    case op("<<"):
    case op(">>"):
      return arithmetic + 2;
    case op("+"):
    case op("-"):
      return arithmetic + 3;
    case op("*"):
    case op("/"):
    case op("//"):
    case op("%"):
    case op("@"):
      return arithmetic + 4;
    default:
      return none;
  }
}

bool ends_expressions(const Token& t) {
  switch (t.type) {
    case Token::Type::end:
    case Token::Type::newline:
    case Token::Type::bad:
      return true;
    case Token::Type::op:
      if (t.code == op(")") || t.code == op("]") || t.code == op("}") || t.code == op("=") ||
          t.code == op(":") || t.code == op(";"))
        return true;
      return t.end - t.begin >= 2 && (t.code >> 8U * (t.end - t.begin - 1)) == '=' &&
             precedence(t) == none;
    case Token::Type::word:
      return t.is(Word::in) || t.is(Word::from) || t.is(Word::as);
    case Token::Type::number:
    case Token::Type::string:
      break;
  }
  return false;
}

}  // namespace

AstNode* Parser::wrap(Kind::Value kind, AstNode* inner) {
  if (inner == nullptr) return nullptr;
  Open w = open(kind, inner->begin);
  w.add(inner);
  w.node->end = inner->end;
  return w.node;
}

AstNode* Parser::expressions() {
  AstNode* first = element();
  if (first == nullptr || !token_.is(op(","))) return first;
  Open list = open(Kind::list, first->begin);
  list.add(first);
  while (accept(op(",")) && !ends_expressions(token_)) list.add(element());
  return close(list);
}

AstNode* Parser::element() {
  if (failed_) return nullptr;
  if (token_.is(op("*")) || token_.is(op("**"))) {
    Open splat = open(token_.is(op("*")) ? Kind::list_splat : Kind::dictionary_splat, token_.begin);
    advance();
    splat.add(pattern_ ? binary(bit_or) : expression());
    return close(splat);
  }
  if (token_.is(Word::yield)) return yield();
  AstNode* e = pattern_ ? binary(bit_or) : expression();
  if (e == nullptr) return e;
  if (e->kind == Kind::identifier && token_.is(op(":="))) {
    Open n = open(Kind::named_expression, e->begin);
    n.add(e, Field::name);
    advance();
    n.add(expression(), Field::value);
    return close(n);
  }
  if (pattern_ && token_.is(Word::as)) {
    Open as = open(Kind::as_pattern, e->begin);
    as.add(e);
    advance();
    as.add(wrap(Kind::as_pattern_target, name()), Field::alias);
    return close(as);
  }
  return e;
}

AstNode* Parser::yield() {
  Open y = open(Kind::other, token_.begin);
  advance();
  if (accept(Word::from))
    y.add(expression());
  else if (!ends_expressions(token_))
    y.add(expressions());
  return close(y);
}

AstNode* Parser::expression() {
  if (failed_) return nullptr;
  if (token_.is(Word::lambda)) return lambda();
  AstNode* e = binary(disjunction);
  if (e == nullptr || !token_.is(Word::if_) || failed_) return e;
  Nested nested(*this);
  Open c = open(Kind::conditional, e->begin);
  c.add(e);
  advance();
  c.add(binary(disjunction));
  expect(Word::else_);
  c.add(expression());
  return close(c);
}

AstNode* Parser::lambda() {
  Nested nested(*this);
  Open l = open(Kind::lambda, token_.begin);
  advance();
  if (!token_.is(op(":"))) {
    Open list = open(Kind::lambda_parameters, token_.begin);
    parameters(list, false);
    l.add(close(list), Field::parameters);
  }
  expect(op(":"));
  l.add(expression(), Field::body);
  return close(l);
}

AstNode* Parser::binary(unsigned least) {
  AstNode* left = unary();
  while (left != nullptr && !failed_) {
    unsigned p = precedence(token_);
    if (p == none || p < least) break;
    if (p == comparing) {
      Open chain = open(Kind::comparison, left->begin);
      chain.add(left);
      while (!failed_ && precedence(token_) == comparing) {
        Token o = token_;
        advance();
        if (o.is(Word::not_)) expect(Word::in);
        if (o.is(Word::is)) accept(Word::not_);
        chain.add(binary(bit_or));
      }
      left = close(chain);
      continue;
    }
    Open b = open(p < comparing ? Kind::boolean_operator : Kind::binary_operator, left->begin);
    b.add(left, Field::left);
    b.node->mark = token_.begin;
    b.node->mark_length = static_cast<std::uint8_t>(token_.end - token_.begin);
    advance();
    b.add(binary(p + 1), Field::right);
    left = close(b);
  }
  return left;
}

AstNode* Parser::unary() {
  if (failed_) return nullptr;
  bool sign = token_.is(op("-")) || token_.is(op("+")) || token_.is(op("~"));
  if (sign || token_.is(Word::not_)) {
    Nested nested(*this);
    Open u = open(sign ? Kind::unary_operator : Kind::not_operator, token_.begin);
    advance();
    u.add(sign ? unary() : binary(comparing));
    return close(u);
  }
  AstNode* base = nullptr;
  if (token_.is(Word::await)) {
    Open a = open(Kind::await_, token_.begin);
    advance();
    a.add(primary());
    base = close(a);
  } else {
    base = primary();
  }
  if (base == nullptr || !token_.is(op("**")) || failed_) return base;
  Nested nested(*this);
  Open power = open(Kind::binary_operator, base->begin);
  power.add(base, Field::left);
  power.node->mark = token_.begin;
  power.node->mark_length = 2;
  advance();
  power.add(unary(), Field::right);
  return close(power);
}

AstNode* Parser::primary() {
  if (failed_) return nullptr;
  AstNode* e = atom();
  while (e != nullptr && !failed_) {
    if (token_.is(op("."))) {
      Open a = open(Kind::attribute, e->begin);
      a.add(e, Field::object);
      advance();
      // Names that became keywords: x.print in Python 2, x.async before 3.7.
      if (token_.type == Token::Type::word)
        a.add(leaf(Kind::identifier), Field::attribute);
      else
        fail();
      e = close(a);
    } else if (token_.is(op("("))) {
      Open c = open(Kind::call, e->begin);
      c.add(e, Field::function);
      c.add(arguments(), Field::arguments);
      e = close(c);
    } else if (token_.is(op("["))) {
      e = subscripts(e);
    } else {
      break;
    }
  }
  return e;
}

AstNode* Parser::arguments() {
  Nested nested(*this);
  Open list = open(Kind::argument_list, token_.begin);
  expect(op("("));
  while (!failed_ && !token_.is(op(")"))) {
    AstNode* a = element();
    if (a != nullptr && a->kind == Kind::identifier && token_.is(op("="))) {
      Open k = open(Kind::keyword_argument, a->begin);
      k.add(a, Field::name);
      advance();
      k.add(element(), Field::value);
      a = close(k);
    } else if (token_.is(Word::for_) || token_.is(Word::async)) {
      // f(x for x in y): the argument list is the generator.
      list.node->kind = Kind::comprehension;
      list.add(a, Field::body);
      comprehension(list);
      break;
    }
    list.add(a);
    if (!accept(op(","))) break;
  }
  expect(op(")"));
  return close(list);
}

AstNode* Parser::slice() {
  std::size_t begin = token_.begin;
  AstNode* e = token_.is(op(":")) ? nullptr : element();
  if (!token_.is(op(":"))) return e;
  Open s = open(Kind::other, begin);
  s.add(e);
  while (accept(op(":")))
    if (!token_.is(op(":")) && !token_.is(op(",")) && !token_.is(op("]"))) s.add(element());
  return close(s);
}

AstNode* Parser::subscripts(AstNode* of) {
  Nested nested(*this);
  Open s = open(Kind::subscript, of->begin);
  s.add(of, Field::value);
  expect(op("["));
  do {
    if (token_.is(op("]"))) break;
    s.add(slice(), Field::subscript);
  } while (accept(op(",")));
  expect(op("]"));
  return close(s);
}

AstNode* Parser::atom() {
  if (failed_) return nullptr;
  switch (token_.type) {
    case Token::Type::number:
      return leaf(token_.fraction ? Kind::float_ : Kind::integer);
    case Token::Type::string:
      return strings();
    case Token::Type::word:
      switch (token_.code) {
        case code(Word::name):
        case code(Word::async):  // a name before Python 3.7
          return leaf(Kind::identifier);
        case code(Word::none):
          return leaf(Kind::none);
        case code(Word::true_):
          return leaf(Kind::true_);
        case code(Word::false_):
          return leaf(Kind::false_);
        default:
          break;
      }
      break;
    case Token::Type::op:
      if (token_.code == op("(")) return bracketed();
      if (token_.code == op("[")) return list_display();
      if (token_.code == op("{")) return braces();
      if (token_.code == op("...")) return leaf(Kind::other);
      if (token_.code == op("`")) {  // Python 2: repr()
        Nested nested(*this);
        Open r = open(Kind::other, token_.begin);
        advance();
        r.add(expressions());
        expect(op("`"));
        return close(r);
      }
      break;
    case Token::Type::end:
    case Token::Type::newline:
    case Token::Type::bad:
      break;
  }
  fail();
  return nullptr;
}

AstNode* Parser::bracketed() {
  Nested nested(*this);
  Open b = open(Kind::parenthesized, token_.begin);
  advance();
  bool tuple = token_.is(op(")"));
  while (!failed_ && !token_.is(op(")"))) {
    b.add(element());
    if (token_.is(Word::for_) || token_.is(Word::async)) {
      b.node->kind = Kind::comprehension;
      comprehension(b);
      break;
    }
    if (!accept(op(","))) break;
    tuple = true;
  }
  if (tuple) b.node->kind = Kind::list;
  expect(op(")"));
  return close(b);
}

AstNode* Parser::list_display() {
  Nested nested(*this);
  Open l = open(Kind::list, token_.begin);
  advance();
  while (!failed_ && !token_.is(op("]"))) {
    l.add(element());
    if (token_.is(Word::for_) || token_.is(Word::async)) {
      l.node->kind = Kind::comprehension;
      comprehension(l);
      break;
    }
    if (!accept(op(","))) break;
  }
  expect(op("]"));
  return close(l);
}

// A dictionary or a set.
AstNode* Parser::braces() {
  Nested nested(*this);
  Open d = open(Kind::dictionary, token_.begin);
  advance();
  while (!failed_ && !token_.is(op("}"))) {
    AstNode* key = element();
    if (key != nullptr && token_.is(op(":"))) {
      Open pair = open(Kind::pair, key->begin);
      pair.add(key, Field::key);
      advance();
      pair.add(pattern_ ? element() : expression(), Field::value);
      key = close(pair);
    } else if (key != nullptr && key->kind != Kind::dictionary_splat) {
      d.node->kind = Kind::list;
    }
    d.add(key);
    if (token_.is(Word::for_) || token_.is(Word::async)) {
      d.node->kind = Kind::comprehension;
      comprehension(d);
      break;
    }
    if (!accept(op(","))) break;
  }
  expect(op("}"));
  return close(d);
}

// Targets of a loop: up to the `in`.
AstNode* Parser::targets() {
  auto one = [&]() -> AstNode* {
    if (!token_.is(op("*"))) return binary(bit_or);
    Open splat = open(Kind::list_splat, token_.begin);
    advance();
    splat.add(binary(bit_or));
    return close(splat);
  };
  AstNode* first = one();
  if (first == nullptr || !token_.is(op(","))) return first;
  Open list = open(Kind::pattern_list, first->begin);
  list.add(first);
  while (accept(op(",")) && !ends_expressions(token_)) list.add(one());
  return close(list);
}

// for x in y if z …: what follows the body of a comprehension.
void Parser::comprehension(Open& of) {
  while (!failed_) {
    std::size_t begin = token_.begin;
    if (token_.is(Word::if_)) {
      Open c = open(Kind::other, begin);
      advance();
      c.add(token_.is(Word::lambda) ? lambda() : binary(disjunction));
      if (c.node->child != nullptr && c.node->child->kind == Kind::identifier && accept(op(":=")))
        c.add(expression());
      of.add(close(c));
      continue;
    }
    accept(Word::async);
    if (!token_.is(Word::for_)) break;
    Open c = open(Kind::for_in_clause, begin);
    advance();
    c.add(targets(), Field::left);
    expect(Word::in);
    AstNode* right = token_.is(Word::lambda) ? lambda() : binary(disjunction);
    // Python 2: [x for x in 1, 2]
    if (right != nullptr && token_.is(op(","))) {
      Open list = open(Kind::list, right->begin);
      list.add(right);
      while (accept(op(",")) && !ends_expressions(token_)) list.add(binary(disjunction));
      right = close(list);
    }
    c.add(right, Field::right);
    of.add(close(c));
  }
}

AstNode* Parser::strings() {
  AstNode* first = string_of(token_);
  advance();
  if (token_.type != Token::Type::string) return first;
  Open all = open(Kind::concatenated_string, first->begin);
  all.add(first);
  while (token_.type == Token::Type::string) {
    all.add(string_of(token_));
    advance();
  }
  return close(all);
}

AstNode* Parser::string_of(const Token& t) {
  Open s = open(Kind::string, t.begin);
  s.node->mark = t.content;
  s.node->mark_length = t.quote;
  if (t.formatted) replacement_fields(s, t.content, t.end - t.quote, 0);
  s.node->end = t.end;
  return s.node;
}

// What a replacement field holds. ":=" begins its format there.
AstNode* Parser::replacement() {
  if (token_.is(Word::yield)) return yield();
  AstNode* first = token_.is(op("*")) ? element() : expression();
  if (first == nullptr || !token_.is(op(","))) return first;
  Open list = open(Kind::list, first->begin);
  list.add(first);
  while (accept(op(",")) && !ends_expressions(token_))
    list.add(token_.is(op("*")) ? element() : expression());
  return close(list);
}

// {x!r:>{width}} in an f-string: a node of kind interpolation each.
void Parser::replacement_fields(Open& string, std::size_t from, std::size_t to, unsigned depth) {
  Nested nested(*this);
  if (depth > 4 || failed_) return;
  std::size_t i = from;
  while (i < to && (i = text_.substr(0, to).find('{', i)) != std::string_view::npos) {
    if (depth == 0 && i + 1 < to && text_[i + 1] == '{') {
      i += 2;
      continue;
    }
    Lexer outer = std::exchange(lexer_, lexer_.part(i + 1, to));
    Token token = token_;
    std::uint32_t end = last_end_;
    bool pattern = std::exchange(pattern_, false);
    Open field = open(Kind::interpolation, i);
    advance();
    field.add(replacement(), Field::expression);
    bool understood = !failed_;
    accept(op("="));
    std::size_t at = token_.begin;
    if (token_.type == Token::Type::bad && understood && at < to && text_[at] == '!') {
      advance();
      advance();
      at = token_.begin;
    }
    std::size_t after = at + 1;
    if (understood && (token_.is(op(":")) || token_.is(op(":=")))) {
      // The rest is text up to the closing brace, with fields in it.
      unsigned open_braces = 1;
      std::size_t close_at = after;
      for (; close_at < to; ++close_at) {
        if (text_[close_at] == '{') ++open_braces;
        if (text_[close_at] == '}' && --open_braces == 0) break;
      }
      lexer_ = outer;
      replacement_fields(field, after, close_at, depth + 1);
      after = close_at + 1;
    }
    // An expression that is none is text: the string is whole all the same.
    failed_ = false;
    lexer_ = outer;
    token_ = token;
    last_end_ = end;
    pattern_ = pattern;
    std::size_t stop = std::clamp(after, i + 1, to);
    field.node->end = static_cast<std::uint32_t>(stop);
    string.add(field.node);
    i = stop;
  }
}

}  // namespace parapet::python
