#pragma once
// The reader behind parse(): statements in parse_statements.cpp, expressions in
// parse_expressions.cpp. After the first thing that is no Python nothing more is consumed until the
// statement ends; what was read of it stays in the tree.
#include <algorithm>

#include "syntax/python/tokens.h"
#include "syntax/python/tree.h"

namespace parapet::python {

// Precedence of binary operators (Python Language Reference, 6.17); 0: none. Those of a comparison
// are read as one chain.
enum : unsigned { none = 0, disjunction = 1, conjunction, negation, comparing, bit_or, arithmetic };

class Parser {
 public:
  Parser(std::string_view text, Tree& tree) : text_(text), lexer_(text), tree_(tree) {}
  Ast module();

 private:
  // A node being filled.
  struct Open {
    AstNode* node;
    AstNode* last = nullptr;
    void add(AstNode* part, Field as = Field::none) {
      if (part == nullptr) return;
      part->field = as;
      (last == nullptr ? node->child : last->next) = part;
      last = part;
    }
  };
  // Statements, clauses and brackets inside each other.
  class Nested {
   public:
    explicit Nested(Parser& p) : parser_(p) {
      if (++p.nesting_ > max_nesting) p.fail();
    }
    ~Nested() { --parser_.nesting_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser& parser_;
  };

  // parse_statements.cpp
  void next_line();
  void statement(Open& into);
  void statement_line(Open& into);
  void recover(Open& into, std::size_t begin);
  AstNode* small_statement();
  AstNode* expression_statement();
  AstNode* assignment(AstNode* left);
  AstNode* compound();
  AstNode* block();
  void body(Open& of, Field as);
  AstNode* if_statement();
  AstNode* loop(std::size_t begin);
  AstNode* try_statement();
  AstNode* with_statement(std::size_t begin);
  void with_items(Open& clause, bool bracketed);
  AstNode* match_statement();
  AstNode* function(std::size_t begin);
  AstNode* class_definition();
  AstNode* decorated();
  AstNode* import_statement();
  AstNode* import_from();
  AstNode* dotted_name();
  AstNode* imported_name();
  AstNode* python2_statement();
  void clause(Open& of, Kind::Value kind, bool condition);
  void parameters(Open& list, bool typed);
  AstNode* parameter(bool typed);
  AstNode* type_of();
  void skip_type_parameters();
  bool begins_match() const;
  bool begins_python2() const;
  bool at_clause(Word w) const;

  // parse_expressions.cpp
  AstNode* expressions();  // with commas: a list
  AstNode* element();      // of a list: *x, x := y, yield
  AstNode* expression();   // lambda, x if y else z
  AstNode* binary(unsigned least);
  AstNode* unary();
  AstNode* primary();
  AstNode* trailer(AstNode* of);
  AstNode* atom();
  AstNode* bracketed();
  AstNode* list_display();
  AstNode* braces();
  AstNode* arguments();
  AstNode* subscripts(AstNode* of);
  AstNode* slice();
  AstNode* lambda();
  AstNode* yield();
  AstNode* targets();
  void comprehension(Open& of);
  AstNode* strings();
  AstNode* string_of(const Token& t);
  AstNode* replacement();
  void replacement_fields(Open& string, std::size_t from, std::size_t to, unsigned depth);
  AstNode* wrap(Kind::Value kind, AstNode* inner);

  void advance() {
    last_end_ = token_.end;
    token_ = lexer_.next();
  }
  bool accept(std::uint32_t o) {
    if (!token_.is(o) || failed_) return false;
    advance();
    return true;
  }
  bool accept(Word w) {
    if (!token_.is(w) || failed_) return false;
    advance();
    return true;
  }
  template <class What>
  void expect(What what) {
    if (!accept(what)) fail();
  }
  // Nothing more is read of this statement: the token becomes one that nothing accepts.
  void fail() {
    if (failed_) return;
    failed_ = true;
    failed_at_ = token_.begin;
    token_.type = Token::Type::bad;
  }
  AstNode* leaf(Kind::Value kind) {
    AstNode* n = tree_.make(kind, token_.begin, token_.end);
    advance();
    return n;
  }
  AstNode* name() {
    if (token_.is_name()) return leaf(Kind::identifier);
    fail();
    return nullptr;
  }
  std::string_view word() const { return text_.substr(token_.begin, token_.end - token_.begin); }
  Open open(Kind::Value kind, std::size_t begin) { return {tree_.make(kind, begin, begin)}; }
  AstNode* close(Open& o) {
    o.node->end = std::max(last_end_, o.node->begin);
    if (o.last != nullptr) o.node->end = std::max(o.node->end, o.last->end);
    return o.node;
  }

  std::string_view text_;
  Lexer lexer_;
  Tree& tree_;
  Token token_;
  std::uint32_t last_end_ = 0;
  std::int64_t indent_ = 0;  // of the line that the next statement begins on
  std::int64_t column_ = 0;  // of the statement being read
  unsigned nesting_ = 0;
  std::uint32_t failed_at_ = 0;
  bool failed_ = false;
  bool pattern_ = false;  // in a case: "as" names parts
};

}  // namespace parapet::python
