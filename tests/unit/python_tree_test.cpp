// The syntax tree of Python: shapes that the analysis relies on, and what holds for any text.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "syntax/python/tree.h"

using namespace parapet::python;

namespace {

// "call(identifier argument_list(string))" in numbers would say nothing: kinds by letters of what
// they hold.
std::string shape(std::string_view text, Ast n) {
  std::string out;
  switch (+kind_of(n)) {
    case Kind::identifier:
      return std::string(text.substr(n->begin, n->end - n->begin));
    case Kind::integer:
    case Kind::float_:
      return "N";
    case Kind::string:
      out = "S";
      break;
    case Kind::call:
      out = "call";
      break;
    case Kind::assignment:
      out = "assign";
      break;
    case Kind::binary_operator:
    case Kind::boolean_operator:
      out = std::string(text.substr(n->mark, n->mark_length));
      break;
    case Kind::comparison:
      out = "compare";
      break;
    case Kind::error:
      return "ERROR";
    case Kind::comprehension:
      out = "gen";
      break;
    case Kind::case_clause:
      out = "case";
      break;
    case Kind::match_statement:
      out = "match";
      break;
    case Kind::conditional:
      out = "if-else";
      break;
    case Kind::keyword_argument:
      out = "kw";
      break;
    case Kind::list:
      out = "list";
      break;
    case Kind::dictionary:
      out = "dict";
      break;
    case Kind::function_definition:
      out = "def";
      break;
    default:
      break;
  }
  if (n->child == nullptr) return out;
  out += "(";
  for (Ast c : children(n)) out += (c == n->child ? "" : " ") + shape(text, c);
  return out + ")";
}

std::string shape(std::string_view text) {
  Tree t = parse(text);
  return shape(text, t.root);
}

// Children lie in their parents, in order. Not by recursion: a = b = c = … is as deep as it is
// long.
bool in_order(Ast root) {
  std::vector<Ast> left{root};
  while (!left.empty()) {
    Ast n = left.back();
    left.pop_back();
    std::uint32_t at = n->begin;
    for (Ast c : children(n)) {
      if (c->begin < at || c->end < c->begin || c->end > n->end) return false;
      at = c->begin;
      left.push_back(c);
    }
  }
  return true;
}

}  // namespace

TEST_CASE("expressions bind as the reference says") {
  CHECK(shape("a + b * c") == "((+(a *(b c))))");
  CHECK(shape("a - b - c") == "((-(-(a b) c)))");
  CHECK(shape("-a ** -b") == "(((**(a (b)))))");
  CHECK(shape("a or b and not c") == "((or(a and(b (c)))))");
  CHECK(shape("a < b == c not in d") == "((compare(a b c d)))");
  CHECK(shape("x if y else z if p else q") == "((if-else(x y if-else(z p q))))");
  CHECK(shape("f(*a or b, **c, k=1)") == "((call(f ((or(a b)) (c) kw(k N)))))");
  CHECK(shape("f(x for x in y if z)") == "((call(f gen(x (x y) (z)))))");
  CHECK(shape("{'a': 1, **b}") == "((dict((S N) (b))))");
  CHECK(shape("{a, b}") == "((list(a b)))");
  CHECK(shape("a = b = c") == "((assign(a assign(b c))))");
  CHECK(shape("1 if 1else 2") == "((if-else(N N N)))");
  CHECK(shape("7L.real") == "(((N real)))");
}

TEST_CASE("strings and what stands in them") {
  CHECK(shape("f'{a!r:>{w}} {{b}}'") == "((S((a (w)))))");
  CHECK(shape("f\"{x[\"k\"]}\"") == "((S(((x S)))))");
  CHECK(shape("f'{a:=10}'") == "((S((a))))");
  CHECK(shape("rb'\\''") == "((S))");
  CHECK(shape("'a' f'{b}' \"c\"") == "(((S S((b)) S)))");
}

TEST_CASE("statements of Python 2 and 3") {
  CHECK(shape("print 'x' % a\nf()") == "((%(S a)) (call(f )))");
  CHECK(shape("exec 'x' in d") == "(call(exec (S d)))");
  CHECK(shape("async = 1") == "((assign(async N)))");
  CHECK(shape("match = re.match(a)\n") == "((assign(match call((re match) (a)))))");
  CHECK(shape("match x:\n  case [a, *b] if c: pass\n  case {'k': d}: f()\n") ==
        "(match(x case(list(a (b)) c ()) case(dict((S d)) ((call(f ))))))");
  CHECK(shape("with (open(a) as b, c):\n  pass") != shape("with (a):\n  pass"));
}

TEST_CASE("reading goes on after what is no Python") {
  CHECK(shape("x = = 3\ny = f()\n") == "((assign(x)) ERROR (assign(y call(f ))))");
  CHECK(shape("f(a, b\nimport os\ng()\n").ends_with("(call(g )))"));
  CHECK(shape("def f(:\n  g(1)\n").find("call(g (N))") != std::string::npos);
  CHECK(shape("x = '''never closed\nf()\n").ends_with("(call(f )))"));
}

TEST_CASE("whatever the text, the tree is in order and ends") {
  const std::string all =
      "@d\nasync def f(a: int = 1, *b, **c) -> x:\n  async with y as z: await g(f'{a!r:{b}}')\n"
      "class A(B, metaclass=C):\n  '''doc'''\n  x: int = [i for i in (1, 2) if i]\n"
      "try:\n  pass\nexcept (E, F) as e:\n  raise G from e\nfinally:\n  del h[1:2, ::3]\n"
      "match x:\n  case P(a=1) | None as p: yield\nlambda *k, l=1: (m := k)\n`r`; print >>s, t\n";
  for (std::size_t n = 0; n <= all.size(); ++n) {
    Tree t = parse(std::string_view(all).substr(0, n));
    CAPTURE(all.substr(0, n));
    REQUIRE(in_order(t.root));
  }
  for (std::string_view part :
       {"(", "[{", "f'{", "'''", "f'''{", "if x:\n ", "a=", "not ", "-", "*", "lambda:", "\"\\",
        "@", "else:\n", "x if ", "case", "\\'''", "f\"{f'{"}) {
    std::string many;
    while (many.size() < 200'000) many += part;
    Tree t = parse(many);
    CHECK(in_order(t.root));
  }
}
