// Statements of Python: lines, blocks, definitions, imports.
#include <algorithm>

#include "syntax/python/parser.h"

namespace parapet::python {

Ast Parser::module() {
  Open m = open(Kind::other, 0);
  if (text_.starts_with("\xEF\xBB\xBF")) lexer_.go_to(3);
  next_line();
  while (token_.type != Token::Type::end) statement(m);
  m.node->end = static_cast<std::uint32_t>(text_.size());
  return m.node;
}

void Parser::next_line() {
  indent_ = lexer_.start_line();
  token_ = lexer_.next();
}

void Parser::statement(Open& into) {
  Nested nested(*this);
  std::int64_t outer = column_;
  std::size_t begin = token_.begin;
  column_ = indent_;
  if (AstNode* n = compound(); n != nullptr)
    into.add(n);
  else
    statement_line(into);
  if (failed_) recover(into, begin);
  column_ = outer;
}

// The rest of the line is an error; if the statement had gone on to another line, that one is read
// as a statement of its own.
void Parser::recover(Open& into, std::size_t begin) {
  std::size_t before = failed_at_ == 0 ? std::string_view::npos : text_.rfind('\n', failed_at_ - 1);
  std::size_t line = before == std::string_view::npos ? 0 : before + 1;
  std::size_t last = token_.end > token_.begin ? token_.end - 1 : token_.end;
  std::size_t resume = line > begin ? line : lexer_.end_of_line(last);
  std::size_t at = failed_at_;
  into.add(tree_.make(Kind::error, std::min(resume, at), std::max(resume, at)));
  failed_ = pattern_ = false;
  lexer_.leave_brackets();
  lexer_.go_to(resume);
  next_line();
}

void Parser::statement_line(Open& into) {
  do {
    if (token_.type == Token::Type::newline || token_.type == Token::Type::end) break;
    into.add(small_statement());
  } while (accept(op(";")));
  if (failed_ || token_.type == Token::Type::end) return;
  if (token_.type != Token::Type::newline) return fail();
  next_line();
}

AstNode* Parser::small_statement() {
  std::size_t begin = token_.begin;
  auto simple = [&](Kind::Value kind, bool with_expressions) {
    Open s = open(kind, begin);
    advance();
    bool more = token_.type != Token::Type::newline && token_.type != Token::Type::end &&
                !token_.is(op(";"));
    if (with_expressions && more) s.add(expressions());
    return std::pair(s, more);
  };
  if (token_.type == Token::Type::word) switch (token_.code) {
      case code(Word::pass): {
        auto [s, more] = simple(Kind::other, false);
        return close(s);
      }
      case code(Word::break_):
      case code(Word::continue_): {
        auto [s, more] = simple(Kind::break_statement, false);
        return close(s);
      }
      case code(Word::del): {
        auto [s, more] = simple(Kind::other, true);
        return close(s);
      }
      case code(Word::return_): {
        auto [s, more] = simple(Kind::return_statement, true);
        return close(s);
      }
      case code(Word::raise): {
        auto [s, more] = simple(Kind::raise_statement, true);
        if (accept(Word::from)) s.add(expression());
        return close(s);
      }
      case code(Word::global):
      case code(Word::nonlocal): {
        auto [s, more] =
            simple(token_.is(Word::global) ? Kind::global_statement : Kind::other, true);
        return close(s);
      }
      case code(Word::assert_): {
        auto [s, more] = simple(Kind::assert_statement, true);
        return close(s);
      }
      case code(Word::import):
        return import_statement();
      case code(Word::from):
        return import_from();
      default:
        break;
    }
  if (begins_python2()) return python2_statement();
  return expression_statement();
}

// A line that begins with the name `print` or `exec` and cannot be an expression.
bool Parser::begins_python2() const {
  if (!token_.is_name()) return false;
  bool prints = word() == "print";
  if (!prints && word() != "exec") return false;
  Lexer ahead = lexer_;
  Token t = ahead.next();
  return t.type == Token::Type::string || t.type == Token::Type::number || t.is_name() ||
         t.is(Word::none) || t.is(Word::true_) || t.is(Word::false_) || t.is(Word::not_) ||
         (prints && t.is(op(">>")));
}

// exec is a call like the function that it became; what print prints matters to nothing.
AstNode* Parser::python2_statement() {
  bool prints = word() == "print";
  Open s = open(prints ? Kind::other : Kind::call, token_.begin);
  AstNode* callee = leaf(Kind::identifier);
  if (prints) {
    accept(op(">>"));
    s.add(expressions());
    return close(s);
  }
  s.add(callee, Field::function);
  Open list = open(Kind::argument_list, token_.begin);
  list.add(binary(bit_or));
  if (accept(Word::in)) {
    list.add(expression());
    if (accept(op(","))) list.add(expression());
  }
  s.add(close(list), Field::arguments);
  return close(s);
}

AstNode* Parser::expression_statement() {
  Open s = open(Kind::expression_statement, token_.begin);
  AstNode* e = expressions();
  // type X = …: two names in a row.
  if (!failed_ && token_.is_name() && e != nullptr && e->kind == Kind::identifier &&
      text_.substr(e->begin, e->end - e->begin) == "type") {
    advance();
    skip_type_parameters();
    expect(op("="));
    s.node->kind = Kind::other;
    s.add(expression());
    return close(s);
  }
  s.add(assignment(e));
  return close(s);
}

// What follows the left side of a statement; without an assignment the left side itself. In
// a = b = c the right side is an assignment too.
AstNode* Parser::assignment(AstNode* left) {
  if (left == nullptr || failed_) return left;
  AstNode* first = nullptr;
  std::vector<Open> chain;
  while (token_.is(op("=")) || (first == nullptr && token_.is(op(":")))) {
    Open a = open(Kind::assignment, left->begin);
    a.add(left, Field::left);
    if (accept(op(":"))) a.add(type_of(), Field::type);
    bool given = accept(op("="));
    left = given ? expressions() : nullptr;
    if (first == nullptr) first = a.node;
    chain.push_back(a);
    if (left == nullptr) break;
  }
  for (; !chain.empty(); chain.pop_back()) {
    chain.back().add(left, Field::right);
    left = close(chain.back());
  }
  if (first != nullptr) return first;
  bool augmented = token_.type == Token::Type::op && token_.end - token_.begin >= 2 &&
                   text_[token_.end - 1] == '=' && !token_.is(op("==")) && !token_.is(op("!=")) &&
                   !token_.is(op("<=")) && !token_.is(op(">=")) && !token_.is(op(":="));
  if (!augmented) return left;
  Open a = open(Kind::augmented_assignment, left->begin);
  a.add(left, Field::left);
  advance();
  a.add(expressions(), Field::right);
  return close(a);
}

AstNode* Parser::dotted_name() {
  Open d = open(Kind::dotted_name, token_.begin);
  do d.add(name());
  while (accept(op(".")));
  return close(d);
}

AstNode* Parser::imported_name() {
  AstNode* n = dotted_name();
  if (n == nullptr || !token_.is(Word::as)) return n;
  Open a = open(Kind::aliased_import, n->begin);
  a.add(n, Field::name);
  advance();
  a.add(name(), Field::alias);
  return close(a);
}

AstNode* Parser::import_statement() {
  Open s = open(Kind::import_statement, token_.begin);
  advance();
  do s.add(imported_name(), Field::name);
  while (accept(op(",")));
  return close(s);
}

AstNode* Parser::import_from() {
  Open s = open(Kind::import_from, token_.begin);
  advance();
  if (token_.is(op(".")) || token_.is(op("..."))) {
    Open r = open(Kind::relative_import, token_.begin);
    while (accept(op(".")) || accept(op("..."))) continue;
    if (!token_.is(Word::import)) r.add(dotted_name());
    s.add(close(r), Field::module_name);
  } else {
    AstNode* module = dotted_name();
    if (module != nullptr &&
        text_.substr(module->begin, module->end - module->begin) == "__future__")
      s.node->kind = Kind::future_import;
    else
      s.add(module, Field::module_name);
  }
  expect(Word::import);
  if (token_.is(op("*"))) {
    s.add(leaf(Kind::wildcard_import));
    return close(s);
  }
  bool bracketed = accept(op("("));
  do {
    if (bracketed && token_.is(op(")"))) break;
    s.add(imported_name(), Field::name);
  } while (accept(op(",")));
  if (bracketed) expect(op(")"));
  return close(s);
}

// Null: no compound statement begins here.
AstNode* Parser::compound() {
  std::size_t begin = token_.begin;
  if (token_.is(op("@"))) return decorated();
  if (begins_match()) return match_statement();
  if (token_.type != Token::Type::word) return nullptr;
  if (token_.is(Word::async)) {
    Lexer ahead = lexer_;
    Token t = ahead.next();
    if (t.is(Word::def) || t.is(Word::for_) || t.is(Word::with)) advance();
  }
  if (failed_) return nullptr;
  switch (token_.code) {
    case code(Word::if_):
      return if_statement();
    case code(Word::for_):
    case code(Word::while_):
      return loop(begin);
    case code(Word::try_):
      return try_statement();
    case code(Word::with):
      return with_statement(begin);
    case code(Word::def):
      return function(begin);
    case code(Word::class_):
      return class_definition();
    default:
      return nullptr;
  }
}

AstNode* Parser::block() {
  expect(op(":"));
  if (failed_) return nullptr;
  Open b = open(Kind::block, token_.begin);
  if (token_.type != Token::Type::newline) {
    statement_line(b);
    return close(b);
  }
  next_line();
  b.node->begin = token_.begin;
  if (token_.type == Token::Type::end || indent_ <= column_) {
    fail();
    return close(b);
  }
  while (token_.type != Token::Type::end && indent_ > column_) statement(b);
  return close(b);
}

void Parser::body(Open& of, Field as) { of.add(block(), as); }

// `else`, `except` and the like, of the statement that began in this column.
bool Parser::at_clause(Word w) const { return !failed_ && token_.is(w) && indent_ == column_; }

void Parser::clause(Open& of, Kind::Value kind, bool condition) {
  Open c = open(kind, token_.begin);
  advance();
  if (condition) c.add(element(), Field::condition);
  body(c, kind == Kind::elif_clause ? Field::consequence : Field::body);
  of.add(close(c), Field::alternative);
}

AstNode* Parser::if_statement() {
  Open s = open(Kind::if_statement, token_.begin);
  advance();
  s.add(element(), Field::condition);
  body(s, Field::consequence);
  while (at_clause(Word::elif)) clause(s, Kind::elif_clause, true);
  if (at_clause(Word::else_)) clause(s, Kind::else_clause, false);
  return close(s);
}

AstNode* Parser::loop(std::size_t begin) {
  bool counts = token_.is(Word::for_);
  Open s = open(counts ? Kind::for_statement : Kind::while_statement, begin);
  advance();
  if (counts) {
    s.add(targets(), Field::left);
    expect(Word::in);
    s.add(expressions(), Field::right);
  } else {
    s.add(element(), Field::condition);
  }
  body(s, Field::body);
  if (at_clause(Word::else_)) clause(s, Kind::else_clause, false);
  return close(s);
}

AstNode* Parser::try_statement() {
  Open s = open(Kind::try_statement, token_.begin);
  advance();
  body(s, Field::body);
  while (at_clause(Word::except)) {
    Open c = open(Kind::except_clause, token_.begin);
    advance();
    accept(op("*"));
    if (!token_.is(op(":"))) {
      AstNode* what = expression();
      bool named = accept(Word::as);
      if (named || accept(op(","))) {
        Open as = open(Kind::as_pattern, what == nullptr ? token_.begin : what->begin);
        as.add(what);
        AstNode* target = expression();
        // Python 3.14: several classes without parentheses; Python 2: the name after a comma.
        if (!named && token_.is(op(","))) {
          as.add(target);
          while (accept(op(","))) as.add(expression());
        } else {
          as.add(wrap(Kind::as_pattern_target, target), Field::alias);
        }
        what = close(as);
      }
      c.add(what, Field::value);
    }
    body(c, Field::none);
    s.add(close(c));
  }
  if (at_clause(Word::else_)) clause(s, Kind::else_clause, false);
  if (at_clause(Word::finally)) {
    Open c = open(Kind::finally_clause, token_.begin);
    advance();
    body(c, Field::none);
    s.add(close(c));
  }
  return close(s);
}

void Parser::with_items(Open& clause, bool bracketed) {
  do {
    if (bracketed && token_.is(op(")"))) break;
    Open item = open(Kind::other, token_.begin);
    AstNode* e = expression();
    if (e != nullptr && accept(Word::as)) {
      Open as = open(Kind::as_pattern, e->begin);
      as.add(e);
      as.add(wrap(Kind::as_pattern_target, primary()), Field::alias);
      e = close(as);
    }
    item.add(e, Field::value);
    clause.add(close(item));
  } while (accept(op(",")));
}

AstNode* Parser::with_statement(std::size_t begin) {
  Open s = open(Kind::with_statement, begin);
  advance();
  Open clause = open(Kind::other, token_.begin);
  // `with (a as b, c):` and `with (a):` begin alike. Tried first as items in parentheses.
  Lexer before = lexer_;
  Token first = token_;
  std::uint32_t end = last_end_;
  bool bracketed = accept(op("("));
  if (bracketed) {
    with_items(clause, true);
    expect(op(")"));
    bracketed = !failed_ && token_.is(op(":"));
  }
  if (!bracketed) {
    if (first.is(op("("))) {
      failed_ = false;
      lexer_ = before;
      token_ = first;
      last_end_ = end;
      clause = open(Kind::other, token_.begin);
    }
    with_items(clause, false);
  }
  s.add(close(clause));
  body(s, Field::body);
  return close(s);
}

// The word `match` begins a statement where its line ends with a colon and the next begins with
// `case`.
bool Parser::begins_match() const {
  if (!token_.is_name() || word() != "match") return false;
  Lexer ahead = lexer_;
  Token last = token_;
  for (Token t = ahead.next(); t.type != Token::Type::newline; t = ahead.next()) {
    bool operation = last.begin == token_.begin && t.type == Token::Type::op &&
                     (t.is(op("=")) || t.is(op(".")) || t.is(op(",")) || t.is(op(":")));
    if (operation || t.type == Token::Type::end || t.type == Token::Type::bad) return false;
    last = t;
  }
  if (!last.is(op(":"))) return false;
  if (ahead.start_line() < 0) return false;
  Token t = ahead.next();
  return t.is_name() && text_.substr(t.begin, t.end - t.begin) == "case";
}

AstNode* Parser::match_statement() {
  Open s = open(Kind::match_statement, token_.begin);
  advance();
  s.add(expressions());
  expect(op(":"));
  if (token_.type != Token::Type::newline) fail();
  if (failed_) return close(s);
  next_line();
  while (!failed_ && token_.is_name() && word() == "case" && indent_ > column_) {
    std::int64_t outer = column_;
    column_ = indent_;
    Open c = open(Kind::case_clause, token_.begin);
    advance();
    pattern_ = true;
    do {
      if (token_.is(op(":"))) break;
      c.add(element());
    } while (accept(op(",")));
    pattern_ = false;
    if (accept(Word::if_)) c.add(element());
    body(c, Field::consequence);
    s.add(close(c));
    column_ = outer;
  }
  return close(s);
}

AstNode* Parser::type_of() { return wrap(Kind::other, element()); }

// [T: int = str, *Ts, **P]: nothing in it matters here.
void Parser::skip_type_parameters() {
  if (!accept(op("["))) return;
  unsigned open = 1;
  while (open > 0 && token_.type != Token::Type::end && token_.type != Token::Type::bad) {
    if (token_.is(op("["))) ++open;
    if (token_.is(op("]"))) --open;
    advance();
  }
}

AstNode* Parser::parameter(bool typed) {
  std::size_t begin = token_.begin;
  AstNode* p = nullptr;
  if (token_.is(op("*")) || token_.is(op("**"))) {
    Open splat = open(Kind::other, begin);
    advance();
    if (token_.is(op(",")) || token_.is(op(")"))) return close(splat);  // names only after it
    splat.add(name());
    p = close(splat);
  } else if (token_.is(op("("))) {
    p = atom();  // Python 2: def f((a, b))
  } else {
    p = name();
  }
  if (p == nullptr) return p;
  bool has_type = typed && accept(op(":"));
  AstNode* type = has_type ? type_of() : nullptr;
  if (accept(op("="))) {
    Open d = open(has_type ? Kind::typed_default_parameter : Kind::default_parameter, begin);
    d.add(p, Field::name);
    d.add(type, Field::type);
    d.add(expression(), Field::value);
    return close(d);
  }
  if (!has_type) return p;
  Open t = open(Kind::typed_parameter, begin);
  t.add(p);
  t.add(type, Field::type);
  return close(t);
}

void Parser::parameters(Open& list, bool typed) {
  do {
    if (token_.is(op(")")) || token_.is(op(":"))) break;
    if (accept(op("/"))) continue;
    list.add(parameter(typed));
  } while (accept(op(",")));
}

AstNode* Parser::function(std::size_t begin) {
  Open f = open(Kind::function_definition, begin);
  advance();
  f.add(name(), Field::name);
  skip_type_parameters();
  Open list = open(Kind::parameters, token_.begin);
  expect(op("("));
  parameters(list, true);
  expect(op(")"));
  f.add(close(list), Field::parameters);
  if (accept(op("->"))) f.add(type_of());
  body(f, Field::body);
  return close(f);
}

AstNode* Parser::class_definition() {
  Open c = open(Kind::class_definition, token_.begin);
  advance();
  c.add(name(), Field::name);
  skip_type_parameters();
  if (token_.is(op("("))) c.add(arguments(), Field::superclasses);
  body(c, Field::body);
  return close(c);
}

AstNode* Parser::decorated() {
  Open d = open(Kind::decorated_definition, token_.begin);
  while (!failed_ && token_.is(op("@"))) {
    Open one = open(Kind::decorator, token_.begin);
    advance();
    one.add(element());
    d.add(close(one));
    if (token_.type != Token::Type::newline) fail();
    if (!failed_) next_line();
  }
  std::size_t begin = token_.begin;
  bool async = accept(Word::async);
  if (token_.is(Word::def))
    d.add(function(begin), Field::definition);
  else if (token_.is(Word::class_) && !async)
    d.add(class_definition(), Field::definition);
  else
    fail();
  return close(d);
}

Tree parse(std::string_view text) {
  Tree tree;
  tree.root = Parser(text, tree).module();
  return tree;
}

}  // namespace parapet::python
