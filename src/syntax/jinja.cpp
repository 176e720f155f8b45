#include "syntax/jinja.h"

#include <algorithm>
#include <map>

#include "base/text_cursor.h"

namespace parapet {
namespace {

constexpr unsigned max_depth = 48;
constexpr std::size_t max_text = 4096;

struct Token {
  enum class Type : std::uint8_t { end, name, number, string, op } type = Type::end;
  std::string text;
  std::size_t from = 0, to = 0;  // positions in the template
};

// What an expression is: a constant text, a list of them, or a path through names.
struct Value {
  bool constant = false, list = false;
  bool built = false;    // put together from parts of which some are not constant
  bool reached = false;  // the path went through one of the dangerous names
  std::string text;      // constant
  std::string path;      // "cycler.__init__"
  std::vector<std::string> items;
};

Value constant(std::string text) {
  Value v;
  v.constant = true;
  v.text = std::move(text);
  if (v.text.size() > max_text) v.text.resize(max_text);
  return v;
}

bool is_dunder(std::string_view s) {
  return s.size() > 4 && s.starts_with("__") && s.ends_with("__");
}

template <std::size_t n>
bool among(const std::string_view (&names)[n], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Attributes without double underscores that lead to frames, globals and classes all the same.
constexpr std::string_view leading[] = {"func_globals",
                                        "func_code",
                                        "gi_frame",
                                        "gi_code",
                                        "f_globals",
                                        "f_builtins",
                                        "f_locals",
                                        "tb_frame",
                                        "cr_frame",
                                        "cr_code",
                                        "ag_frame",
                                        "im_func",
                                        "_TemplateReference__context",
                                        "__subclasses__"};
constexpr std::string_view modules[] = {"os",        "sys",    "subprocess", "builtins",
                                        "importlib", "socket", "shutil",     "pty",
                                        "ctypes",    "posix",  "commands",   "pickle"};
// Objects of Jinja and Flask from which Python's globals are one attribute away.
constexpr std::string_view gates[] = {"cycler",    "lipsum",  "joiner",
                                      "namespace", "self",    "config",
                                      "request",   "url_for", "get_flashed_messages",
                                      "dict",      "range"};
constexpr std::string_view running[] = {
    "popen", "__import__",    "eval",    "exec",  "execfile", "getattr", "check_output",
    "Popen", "import_module", "globals", "spawn", "execv",    "execve"};
constexpr std::string_view running_of_module[] = {"system",  "run",    "call",   "open",
                                                  "listdir", "remove", "getenv", "compile"};
// Items that only ever name Python's internals; other double underscores may be data.
constexpr std::string_view item_dunders[] = {
    "__class__",        "__globals__", "__builtins__",   "__init__",   "__mro__",
    "__base__",         "__bases__",   "__subclasses__", "__dict__",   "__import__",
    "__getattribute__", "__code__",    "__self__",       "__module__", "__func__"};

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going)
      : c_(text), text_(text), keep_going_(keep_going) {}

  JinjaTemplate run() {
    while (!c_.done() && going()) {
      if (c_.starts_with("{#"))
        comment();
      else if (c_.starts_with("{{"))
        output();
      else if (c_.starts_with("{%"))
        statement();
      else if (!pending_set_.empty() && c_.peek() != '{')
        block_text();
      else
        to_next_brace();
    }
    return std::move(out_);
  }

 private:
  bool going() {
    if (!keep_going_ || keep_going_()) return true;
    fail("the limit of parse steps");
    return false;
  }

  void fail(std::string why) {
    if (!out_.problem.empty()) return;
    out_.problem = std::move(why);
    out_.problem_at = c_.offset();
  }

  void to_next_brace() {
    auto n = c_.rest().find('{', 1);
    c_.skip(n == std::string_view::npos ? c_.rest().size() : n);
  }

  void comment() {
    auto n = c_.rest().find("#}");
    if (n == std::string_view::npos) fail("a comment without end");
    c_.skip(n == std::string_view::npos ? c_.rest().size() : n + 2);
  }

  // {% set x %}text{% endset %}
  void block_text() {
    auto n = c_.rest().find('{');
    if (n == std::string_view::npos) n = c_.rest().size();
    variables_[pending_set_] = constant(std::string(trim(c_.rest().substr(0, n))));
    pending_set_.clear();
    c_.skip(n);
  }

  void output() {
    out_.is_template = true;
    open("}}");
    expression(0);
    close();
  }

  void statement() {
    out_.is_template = true;
    open("%}");
    std::string name = token_.text;
    if (token_.type != Token::Type::name) return close();
    advance();
    if (name == "raw") {
      close();
      auto n = c_.rest().find("endraw");
      auto brace = n == std::string_view::npos ? n : c_.rest().rfind("{%", n);
      c_.skip(brace == std::string_view::npos ? c_.rest().size() : brace);
      return;
    }
    if (name == "for") {
      std::string target = token_.text;
      while (token_.type != Token::Type::end && !is_name("in")) advance();
      advance();
      Value v = or_expression(0);
      if (v.list && !v.items.empty()) {
        auto it = std::find_if(v.items.begin(), v.items.end(),
                               [](const auto& s) { return is_dunder(s); });
        set_variable(target, constant(it != v.items.end() ? *it : v.items[0]));
      } else {
        variables_.erase(target);
      }
    } else if (name == "set") {
      std::string target = token_.text;
      advance();
      while (token_.type != Token::Type::end && !is_op("=")) {
        if (is_op(".")) target.clear();  // namespace attributes are not followed
        advance();
      }
      if (is_op("=")) {
        advance();
        Value v = expression(0);
        if (!target.empty()) set_variable(target, std::move(v));
      } else {
        pending_set_ = target;
      }
    } else if (name == "include" || name == "import" || name == "from" || name == "extends") {
      reach(JinjaReach::Type::include,
            name + " " + (token_.type == Token::Type::string ? token_.text : "…"), token_.from);
    }
    while (token_.type != Token::Type::end) {
      std::size_t before = token_.from;
      expression(0);
      if (token_.from == before) advance();
    }
    close();
  }

  void set_variable(const std::string& name, Value v) {
    if (variables_.size() < 256 || variables_.contains(name)) variables_[name] = std::move(v);
  }

  void open(std::string_view stop) {
    stop_ = stop;
    braces_ = 0;
    c_.skip(2);
    if (c_.peek() == '-' || c_.peek() == '+') c_.take();
    advance();
  }

  void close() {
    // A problem inside a tag: what is left of it is skipped.
    while (token_.type != Token::Type::end) advance();
    if (c_.starts_with(stop_))
      c_.skip(2);
    else if (c_.starts_with("-") || c_.starts_with("+"))
      c_.skip(3);
    else
      fail("a tag without end");
  }

  bool at_stop() const {
    if (braces_ > 0) return false;
    if (c_.starts_with(stop_)) return true;
    return (c_.peek() == '-' || c_.peek() == '+') && c_.rest().substr(1).starts_with(stop_);
  }

  void advance() {
    c_.skip_space();
    token_ = {};
    token_.from = token_.to = c_.position();
    if (c_.done() || at_stop() || !going()) return;
    char ch = c_.peek();
    if (ch == '"' || ch == '\'') {
      token_.type = Token::Type::string;
      string_literal();
    } else if (is_digit(ch)) {
      token_.type = Token::Type::number;
      while (is_word(c_.peek()) || (c_.peek() == '.' && is_digit(c_.peek(1))))
        token_.text += c_.take();
    } else if (is_word(ch)) {
      token_.type = Token::Type::name;
      while (is_word(c_.peek())) token_.text += c_.take();
    } else {
      token_.type = Token::Type::op;
      token_.text = std::string(1, c_.take());
      if (token_.text == "{") ++braces_;
      if (token_.text == "}" && braces_ > 0) --braces_;
      for (std::string_view two : {"**", "//", "==", "!=", "<=", ">="})
        if (token_.text[0] == two[0] && c_.peek() == two[1]) {
          token_.text += c_.take();
          break;
        }
    }
    token_.to = c_.position();
  }

  void string_literal() {
    char quote = c_.take();
    while (!c_.done() && c_.peek() != quote) {
      char ch = c_.take();
      if (ch != '\\') {
        if (token_.text.size() < max_text) token_.text += ch;
        continue;
      }
      char e = c_.take();
      auto hex = [&](int digits) {
        std::uint32_t v = 0;
        for (int i = 0; i < digits && !c_.done(); ++i) {
          char d = lower(c_.peek());
          bool ok = is_digit(d) || (d >= 'a' && d <= 'f');
          if (!ok) break;
          v = v * 16 + static_cast<std::uint32_t>(is_digit(d) ? d - '0' : d - 'a' + 10);
          c_.take();
        }
        append_utf8(token_.text, v);
      };
      switch (e) {
        case 'n':
          token_.text += '\n';
          break;
        case 't':
          token_.text += '\t';
          break;
        case 'r':
          token_.text += '\r';
          break;
        case 'x':
          hex(2);
          break;
        case 'u':
          hex(4);
          break;
        case 'U':
          hex(8);
          break;
        default:
          if (e >= '0' && e <= '7') {
            std::uint32_t v = static_cast<std::uint32_t>(e - '0');
            for (int i = 0; i < 2 && c_.peek() >= '0' && c_.peek() <= '7'; ++i)
              v = v * 8 + static_cast<std::uint32_t>(c_.take() - '0');
            append_utf8(token_.text, v);
          } else {
            token_.text += e;
          }
      }
    }
    c_.take();
  }

  bool is_op(std::string_view op) const {
    return token_.type == Token::Type::op && token_.text == op;
  }
  bool is_name(std::string_view name) const {
    return token_.type == Token::Type::name && token_.text == name;
  }
  bool take_op(std::string_view op) {
    if (!is_op(op)) return false;
    advance();
    return true;
  }

  void reach(JinjaReach::Type type, std::string what, std::size_t from) {
    if (out_.reaches.size() >= JinjaTemplate::max_reaches) return;
    std::size_t to = std::max(from, std::min(last_end_, text_.size()));
    out_.reaches.push_back({type, what.substr(0, 200), from, to - from});
  }

  Value expression(unsigned depth) {
    if (depth > max_depth) {
      fail("an expression nested too deep");
      return {};
    }
    Value v = or_expression(depth + 1);
    while (is_name("if") && !out_of_depth(depth)) {
      advance();
      or_expression(depth + 1);
      if (is_name("else")) {
        advance();
        Value other = expression(depth + 1);
        if (!v.constant) v = std::move(other);
      }
    }
    return v;
  }

  static bool out_of_depth(unsigned depth) { return depth > max_depth; }

  // or, and, not and comparisons give nothing that could name an attribute: their parts are read
  // for what they reach.
  Value or_expression(unsigned depth) {
    if (out_of_depth(depth)) {
      fail("an expression nested too deep");
      return {};
    }
    while (is_name("not")) advance();
    Value v = concat(depth + 1);
    for (;;) {
      bool compares =
          is_op("==") || is_op("!=") || is_op("<") || is_op(">") || is_op("<=") || is_op(">=");
      bool joins = is_name("and") || is_name("or") || is_name("in") || is_name("not");
      if (!compares && !joins) return v;
      bool either = is_name("or");
      advance();
      while (is_name("not") || is_name("in")) advance();
      Value right = concat(depth + 1);
      v = either && v.constant ? std::move(v) : either ? std::move(right) : Value{};
    }
  }

  // +, -, ~, *, /, //, %, ** from left to right; precedence does not matter for texts.
  Value concat(unsigned depth) {
    Value v = unary(depth + 1);
    while (is_op("+") || is_op("-") || is_op("~") || is_op("*") || is_op("/") || is_op("//") ||
           is_op("%") || is_op("**")) {
      std::string op = token_.text;
      advance();
      Value right = unary(depth + 1);
      if ((op == "+" || op == "~") && v.constant && right.constant) {
        v = constant(v.text + right.text);
      } else if (op == "+" && v.list && right.list) {
        v.items.insert(v.items.end(), right.items.begin(), right.items.end());
        if (v.items.size() > 256) v.items.resize(256);
      } else if (op == "%" && v.constant) {
        v = constant(format_percent(
            v.text, right.list ? right.items : std::vector<std::string>{right.text}));
      } else if (op == "*" && v.constant && v.text.size() <= 8) {
        auto n = to_integer(right.text);
        std::string repeated;
        for (std::int64_t i = 0; n && i < std::min<std::int64_t>(*n, 64); ++i) repeated += v.text;
        v = constant(repeated);
      } else {
        Value mixed;
        mixed.built = op == "~" || op == "+";
        v = std::move(mixed);
      }
    }
    return v;
  }

  Value unary(unsigned depth) {
    if (out_of_depth(depth)) {
      fail("an expression nested too deep");
      advance();
      return {};
    }
    while (is_op("-") || is_op("+")) advance();
    std::size_t from = token_.from;
    return postfix(primary(depth + 1), from, depth + 1);
  }

  Value primary(unsigned depth) {
    Value v;
    Token t = token_;
    switch (t.type) {
      case Token::Type::string:
        v = constant("");
        while (token_.type == Token::Type::string) {
          v.text += token_.text;
          step();
        }
        return v;
      case Token::Type::number:
        step();
        return constant(t.text);
      case Token::Type::name: {
        step();
        auto it = variables_.find(t.text);
        if (it != variables_.end()) return it->second;
        v.path = t.text;
        return v;
      }
      case Token::Type::op:
        if (t.text == "(" || t.text == "[" || t.text == "{") return collection(t.text, depth);
        return v;  // not an expression: the caller moves on
      case Token::Type::end:
        return v;
    }
    return v;
  }

  // (a), (a, b), [a, b], {k: v}
  Value collection(const std::string& bracket, unsigned depth) {
    std::string_view end = bracket == "(" ? ")" : bracket == "[" ? "]" : "}";
    step();
    Value v;
    v.list = true;
    bool all = true;
    bool comma = false;
    while (token_.type != Token::Type::end && !is_op(end)) {
      std::size_t before = token_.from;
      Value item = expression(depth + 1);
      if (take_op(":")) expression(depth + 1);
      all = all && item.constant;
      if (v.items.size() < 256) v.items.push_back(item.text);
      if (bracket == "(" && !comma && is_op(end)) {
        step();
        return item;
      }
      comma = take_op(",") || comma;
      if (token_.from == before) advance();
    }
    step();
    if (!all) v.built = true;
    return v;
  }

  // Moves on and remembers where the last token ended.
  void step() {
    last_end_ = token_.to;
    advance();
  }

  Value postfix(Value v, std::size_t from, unsigned depth) {
    for (unsigned links = 0; links < 4096; ++links) {
      if (is_op(".")) {
        step();
        std::string name = token_.text;
        step();
        v = attribute(std::move(v), name, from, false);
      } else if (is_op("[")) {
        v = subscript(std::move(v), from, depth);
      } else if (is_op("(")) {
        v = call(std::move(v), from, depth);
      } else if (is_op("|")) {
        step();
        v = filter(std::move(v), from, depth);
      } else if (is_name("is")) {
        step();
        if (is_name("not")) step();
        step();  // the test's name
        if (is_op("("))
          arguments(depth);
        else if (token_.type == Token::Type::string || token_.type == Token::Type::number)
          step();
        v = {};
      } else {
        return v;
      }
    }
    fail("a chain of attributes too long");
    return {};
  }

  Value attribute(Value v, const std::string& name, std::size_t from, bool item) {
    Value out;
    // Methods of texts that build other texts are worked out when called.
    out.constant = false;
    std::string base = v.constant ? "''" : v.path.empty() ? "…" : v.path;
    out.path = base.size() < 300 ? base + "." + name : base;
    out.text = v.text;
    out.items = v.items;
    out.list = v.constant;  // marks "method of a constant" until called
    bool dunder = item ? among(item_dunders, name) : is_dunder(name);
    bool gate = among(gates, v.path) || v.reached;
    out.reached = v.reached;
    if (dunder || among(leading, name)) {
      out.reached = true;
      reach(JinjaReach::Type::dunder, out.path, from);
    } else if (among(modules, name) && gate) {
      out.reached = true;
      reach(JinjaReach::Type::module, out.path, from);
    }
    return out;
  }

  Value subscript(Value v, std::size_t from, unsigned depth) {
    step();
    bool slice = false;
    bool backwards = false;
    Value index;
    unsigned colons = 0;
    while (token_.type != Token::Type::end && !is_op("]")) {
      std::size_t before = token_.from;
      if (is_op(":")) {
        slice = true;
        ++colons;
        advance();
        if (colons == 2 && is_op("-")) backwards = true;
        continue;
      }
      index = expression(depth + 1);
      if (token_.from == before) advance();
    }
    step();
    if (slice) {
      if (backwards && v.constant) std::reverse(v.text.begin(), v.text.end());
      if (backwards && v.list) std::reverse(v.items.begin(), v.items.end());
      return v;
    }
    if (v.list && v.path.empty()) {
      auto n = to_integer(index.text);
      if (n && *n >= 0 && static_cast<std::size_t>(*n) < v.items.size())
        return constant(v.items[static_cast<std::size_t>(*n)]);
    }
    if (v.constant && index.constant) {
      auto n = to_integer(index.text);
      if (n && *n >= 0 && static_cast<std::size_t>(*n) < v.text.size())
        return constant(v.text.substr(static_cast<std::size_t>(*n), 1));
    }
    if (index.constant && !to_integer(index.text))
      return attribute(std::move(v), index.text, from, true);
    Value out;
    out.path = v.path.empty() ? "…" : v.path;
    if (out.path.size() < 300) out.path += "[]";
    out.reached = v.reached;
    return out;
  }

  struct Arguments {
    std::vector<Value> values;
    std::vector<std::string> names;  // of keyword arguments
    std::vector<Value> named;        // and their values
  };

  Arguments arguments(unsigned depth) {
    Arguments out;
    step();
    while (token_.type != Token::Type::end && !is_op(")")) {
      std::size_t before = token_.from;
      while (is_op("*") || is_op("**")) advance();
      std::string name = token_.type == Token::Type::name ? token_.text : std::string();
      Value v = expression(depth + 1);
      if (is_op("=")) {
        advance();
        if (out.names.size() < 64) out.names.push_back(name);
        v = expression(depth + 1);
        if (out.named.size() < 64) out.named.push_back(std::move(v));
      } else if (out.values.size() < 64) {
        out.values.push_back(std::move(v));
      }
      take_op(",");
      if (token_.from == before) advance();
    }
    step();
    return out;
  }

  static std::string last_of(const std::string& path) { return path.substr(path.rfind('.') + 1); }

  Value call(Value v, std::size_t from, unsigned depth) {
    Arguments a = arguments(depth);
    std::string name = last_of(v.path);
    bool method_of_constant = v.list && v.path.starts_with("''.");
    if (method_of_constant) {
      Value r = text_method(v, name, a);
      if (r.constant) return r;
    }
    bool base_is_module = v.path.starts_with("os.") || v.path.starts_with("subprocess.") ||
                          v.path.starts_with("sys.");
    if (among(running, name) || (among(running_of_module, name) && (v.reached || base_is_module))) {
      std::string what =
          v.path + "(" +
          (a.values.empty() || !a.values[0].constant ? "" : "'" + a.values[0].text + "'") + ")";
      reach(JinjaReach::Type::execution, what, from);
      v.reached = true;
    }
    if (v.path.find('.') == std::string::npos && !v.path.empty() && out_.calls.size() < 64 &&
        std::find(out_.calls.begin(), out_.calls.end(), v.path) == out_.calls.end())
      out_.calls.push_back(v.path);
    Value out;
    if (v.path == "dict") {
      // dict(__cl=a, ass__=b)|join gives the names
      out.list = true;
      out.items = a.names;
      return out;
    }
    out.path = v.path.size() < 300 ? v.path + "()" : v.path;
    out.reached = v.reached;
    return out;
  }

  static Value text_method(const Value& v, const std::string& name, const Arguments& a) {
    if (name == "lower") return constant(lower(v.text));
    if (name == "strip" || name == "encode" || name == "decode") return constant(v.text);
    if (name == "replace" && a.values.size() >= 2 && a.values[0].constant && a.values[1].constant &&
        !a.values[0].text.empty())
      return constant(replace_all(v.text, a.values[0].text, a.values[1].text));
    if (name == "join" && !a.values.empty() && a.values[0].list)
      return constant(join(a.values[0].items, v.text));
    if (name == "format") {
      std::string out;
      std::size_t next = 0;
      for (std::size_t i = 0; i < v.text.size() && out.size() < max_text; ++i) {
        if (v.text[i] != '{') {
          out += v.text[i];
          continue;
        }
        while (i < v.text.size() && v.text[i] != '}') ++i;
        if (next < a.values.size()) out += a.values[next++].text;
      }
      return constant(out);
    }
    return {};
  }

  // "%s%c" with texts and character codes.
  static std::string format_percent(std::string_view pattern,
                                    const std::vector<std::string>& values) {
    std::string out;
    std::size_t next = 0;
    for (std::size_t i = 0; i < pattern.size() && out.size() < max_text; ++i) {
      if (pattern[i] != '%' || i + 1 >= pattern.size()) {
        out += pattern[i];
        continue;
      }
      char kind = pattern[++i];
      if (kind == '%') {
        out += '%';
      } else if (next < values.size()) {
        auto code = to_integer(values[next]);
        if (kind == 'c' && code && *code > 0 && *code < 0x110000)
          append_utf8(out, static_cast<std::uint32_t>(*code));
        else
          out += values[next];
        ++next;
      }
    }
    return out;
  }

  Value filter(Value v, std::size_t from, unsigned depth) {
    std::string name = token_.text;
    step();
    Arguments a;
    if (is_op("(")) a = arguments(depth);
    if (name == "attr" && !a.values.empty()) {
      const Value& which = a.values[0];
      if (which.constant) return attribute(std::move(v), which.text, from, false);
      if (which.built)
        reach(JinjaReach::Type::dunder, "an attribute whose name is put together at run time",
              from);
      Value out;
      out.path = v.path;
      out.reached = v.reached || which.built;
      return out;
    }
    if (name == "map" || name == "selectattr") {
      // map(attribute="__class__") and map("attr", "__class__")
      a.values.insert(a.values.end(), a.named.begin(), a.named.end());
      for (const Value& x : a.values)
        if (x.constant && is_dunder(x.text)) {
          reach(JinjaReach::Type::dunder, v.path + "|map(" + x.text + ")", from);
          v.reached = true;
        }
      Value out;
      out.path = v.path;
      out.reached = v.reached;
      return out;
    }
    if (name == "join" && v.list) {
      std::string separator = a.values.empty() ? std::string() : a.values[0].text;
      if (v.built) {
        Value out;
        out.built = true;
        return out;
      }
      return constant(join(v.items, separator));
    }
    if (name == "format" && v.constant) {
      std::vector<std::string> values;
      bool all = true;
      for (const Value& x : a.values) {
        values.push_back(x.text);
        all = all && x.constant;
      }
      Value out = constant(format_percent(v.text, values));
      if (all) return out;
      Value mixed;
      mixed.built = true;
      return mixed;
    }
    if (v.constant) {
      if (name == "lower") return constant(lower(v.text));
      if (name == "reverse") {
        std::reverse(v.text.begin(), v.text.end());
        return v;
      }
      if (name == "replace" && a.values.size() >= 2 && !a.values[0].text.empty())
        return constant(replace_all(v.text, a.values[0].text, a.values[1].text));
      if (name == "trim" || name == "string" || name == "safe" || name == "e" || name == "escape")
        return v;
      if (name == "list") {
        Value out;
        out.list = true;
        for (char ch : v.text.substr(0, 256)) out.items.emplace_back(1, ch);
        return out;
      }
    }
    if (v.list && v.path.empty()) {
      if (name == "reverse") std::reverse(v.items.begin(), v.items.end());
      if (name == "reverse" || name == "list") return v;
      if ((name == "first" || name == "last") && !v.items.empty())
        return constant(name == "first" ? v.items.front() : v.items.back());
    }
    Value out;
    out.path = v.path;
    out.reached = v.reached;
    return out;
  }

  TextCursor c_;
  std::string_view text_;
  const KeepGoing& keep_going_;
  JinjaTemplate out_;
  Token token_;
  std::string_view stop_ = "}}";
  unsigned braces_ = 0;
  std::size_t last_end_ = 0;
  std::string pending_set_;
  std::map<std::string, Value, std::less<>> variables_;
};

}  // namespace

JinjaTemplate read_jinja(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
