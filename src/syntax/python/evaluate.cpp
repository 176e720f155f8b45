#include "syntax/python/evaluate.h"

#include <algorithm>

#include "base/text.h"

namespace parapet::python {
namespace {

constexpr unsigned max_depth = 24;
constexpr std::size_t max_text = 8192;

// Builtins that facts and origins speak of; all others stay unrooted names.
constexpr std::string_view builtins[] = {"eval",  "exec",    "compile", "__import__", "open",
                                         "input", "getattr", "str",     "int",        "float",
                                         "bool",  "len",     "print",   "setattr"};
// Methods of opened files and responses that give what was read.
constexpr std::string_view passing[] = {"read",      "open",     "read_bytes",
                                        "read_text", "as_posix", "resolve"};
constexpr std::string_view opening[] = {"builtins.str",
                                        "os.path.expanduser",
                                        "os.path.abspath",
                                        "builtins.open",
                                        "io.open",
                                        "gzip.open",
                                        "bz2.open",
                                        "lzma.open",
                                        "io.BytesIO",
                                        "io.StringIO",
                                        "requests.get",
                                        "httpx.get",
                                        "urllib.request.urlopen",
                                        "urllib.request.Request",
                                        "urllib2.urlopen",
                                        "smart_open.open",
                                        "fsspec.open",
                                        "pathlib.Path().open"};

template <std::size_t n>
bool among(const std::string_view (&names)[n], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void unescape(std::string_view s, std::string& out) {
  for (std::size_t i = 0; i < s.size() && out.size() < max_text; ++i) {
    if (s[i] != '\\' || i + 1 >= s.size()) {
      out += s[i];
      continue;
    }
    char c = s[++i];
    auto number = [&](std::size_t digits, unsigned base) {
      std::uint32_t v = 0;
      for (std::size_t k = 0; k < digits && i + 1 < s.size(); ++k) {
        char d = lower(s[i + 1]);
        unsigned x = is_digit(d)            ? static_cast<unsigned>(d - '0')
                     : d >= 'a' && d <= 'f' ? static_cast<unsigned>(d - 'a' + 10)
                                            : 99;
        if (x >= base) break;
        v = v * base + x;
        ++i;
      }
      append_utf8(out, v);
    };
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case 'x':
        number(2, 16);
        break;
      case 'u':
        number(4, 16);
        break;
      case 'U':
        number(8, 16);
        break;
      case '\n':
        break;
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
        --i;
        number(3, 8);
        break;
      case '\\':
      case '\'':
      case '"':
        out += c;
        break;
      default:
        out += '\\';
        out += c;
    }
  }
}

PyValue text_value(std::string text, bool known = true) {
  PyValue v;
  v.type = PyValue::Type::text;
  v.known = known;
  if (text.size() > max_text) text.resize(max_text);
  v.text = std::move(text);
  return v;
}

}  // namespace

PyValue Evaluation::unknown(Ast node) const {
  PyValue v;
  v.text = std::string(source_.of(node).substr(0, 120));
  return v;
}

Binding* Evaluation::find(std::string_view name, std::uint32_t scope, std::uint32_t& found_in) {
  for (bool first = true;; first = false) {
    Scope& s = source_.scopes[scope];
    // A class body's names are not seen from its methods.
    if (first || s.type != Scope::Type::classes) {
      auto it = s.names.find(name);
      if (it != s.names.end()) {
        found_in = scope;
        return &it->second;
      }
    }
    if (scope == 0) return nullptr;
    scope = s.parent;
  }
}

std::int64_t Evaluation::class_of(Ast name, std::uint32_t scope) {
  for (int i = 0; i < 2 && kind_of(name) == Kind::identifier; ++i) {
    std::uint32_t in = 0;
    const Binding* b = find(source_.of(name), scope, in);
    if (b == nullptr || b->value == nullptr) return -1;
    if (b->type == Binding::Type::definition) {
      auto it = source_.scope_of.find(b->value);
      bool is_class =
          it != source_.scope_of.end() && source_.scopes[it->second].type == Scope::Type::classes;
      return is_class ? std::int64_t{it->second} : -1;
    }
    bool made = b->type == Binding::Type::assigned && kind_of(b->value) == Kind::call;
    bool typed = b->type == Binding::Type::parameter;
    if (!made && !typed) return -1;
    name = made ? field(b->value, Field::function) : child_at(b->value, 0);
    scope = in;
  }
  return -1;
}

Ast Evaluation::behind(Ast node, std::uint32_t scope) {
  for (int i = 0; i < 4 && kind_of(node) == Kind::identifier; ++i) {
    std::uint32_t in = 0;
    const Binding* b = find(source_.of(node), scope, in);
    if (b == nullptr || b->type != Binding::Type::assigned || b->count != 1) break;
    node = b->value;
    scope = in;
  }
  return node;
}

Resolved Evaluation::resolve_name(Ast node, std::uint32_t scope, unsigned depth) {
  std::string_view name = source_.of(node);
  std::uint32_t in = 0;
  Binding* b = find(name, scope, in);
  if (b == nullptr) {
    if (among(builtins, name)) return {"builtins." + std::string(name), true};
    if (source_.star_imports.size() == 1)
      return {source_.star_imports[0] + "." + std::string(name), true};
    return {std::string(name), false};
  }
  switch (b->type) {
    case Binding::Type::import:
      return {b->dotted, true};
    case Binding::Type::assigned: {
      Kind::Value k = kind_of(b->value);
      if (b->state != 1 &&
          (k == Kind::call || k == Kind::attribute || k == Kind::identifier || k == Kind::await_)) {
        unsigned char before = b->state;
        b->state = 1;
        Resolved r = resolve(b->value, in, depth + 1);
        b->state = before;
        if (r.rooted) return r;
      }
      break;
    }
    case Binding::Type::parameter:
      if (b->value != nullptr) {
        Ast type = child_at(b->value, 0);
        Resolved r = kind_of(type) == Kind::identifier || kind_of(type) == Kind::attribute
                         ? resolve(type, scope, depth + 1)
                         : Resolved{};
        if (r.rooted && !r.name.starts_with("builtins.")) return {r.name + "()", true};
      }
      return {std::string(name), false};
    case Binding::Type::none:
    case Binding::Type::definition:
    case Binding::Type::loop:
      break;
  }
  return {std::string(name), false};
}

Resolved Evaluation::resolve(Ast node, std::uint32_t scope, unsigned depth) {
  if (depth > max_depth || too_much()) return {};
  switch (+kind_of(node)) {
    case Kind::identifier:
      return resolve_name(node, scope, depth);
    case Kind::parenthesized:
    case Kind::await_:
      return resolve(child_at(node, 0), scope, depth + 1);
    case Kind::attribute: {
      Ast object = field(node, Field::object);
      std::string_view attribute = source_.of(field(node, Field::attribute));
      if (kind_of(object) == Kind::identifier && source_.of(object) == "self") {
        for (std::uint32_t s = scope;; s = source_.scopes[s].parent) {
          Scope& in = source_.scopes[s];
          if (in.type == Scope::Type::classes) {
            auto it = in.attributes.find(attribute);
            if (it != in.attributes.end()) {
              // The value may name parameters of __init__; only imports matter here.
              Resolved r = resolve(it->second, s, depth + 4);
              if (r.rooted) return r;
            }
            break;
          }
          if (s == 0) break;
        }
      }
      Resolved r = resolve(object, scope, depth + 1);
      if (r.name.empty()) return {};
      if (r.name.size() < 400) r.name += "." + std::string(attribute);
      return r;
    }
    case Kind::subscript: {
      Resolved r = resolve(field(node, Field::value), scope, depth + 1);
      if (!r.name.empty()) r.name += "[]";
      return r;
    }
    case Kind::call: {
      Resolved r = resolve(field(node, Field::function), scope, depth + 1);
      if (r.rooted && (r.name == "importlib.import_module" || r.name == "builtins.__import__")) {
        PyValue v = argument_value(node, 0, "name", scope, depth + 1);
        if (v.is_text() && !v.text.empty()) return {v.text, true};
      }
      if (r.rooted && r.name == "functools.partial") {
        Ast first = child_at(field(node, Field::arguments), 0);
        Resolved of = resolve(first, scope, depth + 1);
        of.partial = node;
        if (of.rooted) return of;
      }
      if (r.rooted && r.name == "builtins.getattr") {
        std::vector<Ast> args = listed(field(node, Field::arguments), 3);
        if (args.size() >= 2) {
          Resolved object = resolve(args[0], scope, depth + 1);
          PyValue name = value(args[1], scope, depth + 1);
          if (object.rooted && name.is_text()) return {object.name + "." + name.text, true};
        }
      }
      if (r.name.empty()) return {};
      r.partial = nullptr;
      if (r.name.size() < 400) r.name += "()";
      return r;
    }
    default:
      return {};
  }
}

PyValue Evaluation::argument_value(Ast call, std::size_t index, std::string_view keyword,
                                   std::uint32_t scope, unsigned depth) {
  std::size_t position = 0;
  for (Ast a : children(field(call, Field::arguments), 32)) {
    if (kind_of(a) == Kind::keyword_argument) {
      if (source_.of(field(a, Field::name)) == keyword)
        return value(field(a, Field::value), scope, depth + 1);
    } else if (position++ == index) {
      return value(a, scope, depth + 1);
    }
  }
  return {};
}

PyValue Evaluation::of_name(Ast node, std::uint32_t scope, unsigned depth) {
  std::uint32_t in = 0;
  Binding* b = find(source_.of(node), scope, in);
  if (b != nullptr && (b->type == Binding::Type::assigned || b->type == Binding::Type::loop) &&
      b->value != nullptr) {
    if (b->state == 1) return unknown(node);
    if (b->state == 0) {
      b->state = 1;
      PyValue v = value(b->value, in, depth + 1);
      if (b->type == Binding::Type::loop || b->count > 1) v = unknown(node);
      b->cached = std::move(v);
      b->state = 2;
    }
    PyValue v = b->cached;
    if (v.type == PyValue::Type::other && !v.known) v.text = std::string(source_.of(node));
    return v;
  }
  PyValue v = unknown(node);
  if (b != nullptr && b->type == Binding::Type::parameter) {
    // The default of an option of a command line.
    if (b->fallback == nullptr || b->state == 1) return v;
    b->state = 1;
    PyValue d = value(b->fallback, in, depth + 1);
    b->state = 0;
    d.from_environment = true;
    return d.known ? d : v;
  }
  Resolved r = resolve_name(node, scope, depth);
  if (r.rooted) {
    v.type = PyValue::Type::name;
    v.text = r.name;
    v.known = true;
  }
  return v;
}

PyValue Evaluation::of_attribute(Ast node, std::uint32_t scope, unsigned depth) {
  Ast object = field(node, Field::object);
  std::string_view attribute = source_.of(field(node, Field::attribute));
  PyValue v = unknown(node);
  Resolved r = resolve(node, scope, depth + 1);
  if (r.rooted) {
    v.type = PyValue::Type::name;
    v.text = r.name;
    v.known = !contains(r.name, "(");
    // args.model, where args = parser.parse_args().
    if (r.name.starts_with("argparse.ArgumentParser().parse_")) {
      std::string name(attribute);
      auto it = source_.option_defaults.find(name);
      if (it == source_.option_defaults.end()) {
        std::replace(name.begin(), name.end(), '_', '-');
        it = source_.option_defaults.find(name);
      }
      if (it != source_.option_defaults.end()) {
        PyValue d = value(it->second, 0, depth + 1);
        d.from_environment = true;
        return d;
      }
    }
  }
  if (kind_of(object) == Kind::identifier) {
    std::string_view name = source_.of(object);
    if (name == "self") {
      for (std::uint32_t s = scope;; s = source_.scopes[s].parent) {
        Scope& in = source_.scopes[s];
        if (in.type == Scope::Type::classes) {
          auto it = in.attributes.find(attribute);
          if (it != in.attributes.end()) {
            PyValue of_self = value(it->second, s, depth + 4);
            if (of_self.known && !in.reassigned.contains(attribute)) return of_self;
          }
          break;
        }
        if (s == 0) break;
      }
    }
  }
  // settings.host, where class Settings says host: str = "0.0.0.0".
  if (std::int64_t c = r.rooted ? -1 : class_of(object, scope); c >= 0) {
    auto at = static_cast<std::uint32_t>(c);
    auto it = source_.scopes[at].names.find(attribute);
    if (it != source_.scopes[at].names.end() && it->second.type == Binding::Type::assigned &&
        it->second.count == 1) {
      PyValue d = value(it->second.value, at, depth + 1);
      d.from_environment = true;
      if (d.known) return d;
    }
  }
  PyValue of_object = value(object, scope, depth + 1);
  if (of_object.type == PyValue::Type::text && contains(of_object.text, "://") &&
      (attribute == "content" || attribute == "text" || attribute == "raw"))
    return of_object;
  return v;
}

PyValue Evaluation::of_call(Ast node, std::uint32_t scope, unsigned depth) {
  Ast function = field(node, Field::function);
  Resolved r = resolve(function, scope, depth + 1);
  const std::string& name = r.name;
  PyValue v = unknown(node);
  if (r.rooted) {
    if (name == "os.environ.get" || name == "os.getenv" || name == "os.environ.setdefault") {
      PyValue d = argument_value(node, 1, "default", scope, depth + 1);
      d.from_environment = true;
      return d.known ? d : v;
    }
    if (name == "os.path.join" || name == "pathlib.Path" || name == "pathlib.PurePath") {
      PyValue joined = text_value("");
      for (Ast a : children(field(node, Field::arguments), 16)) {
        PyValue part = value(a, scope, depth + 1);
        if (!joined.text.empty() && !joined.text.ends_with('/')) joined.text += '/';
        joined.text += part.is_text() ? part.text : "{}";
        joined.known = joined.known && part.is_text();
      }
      if (joined.text.empty()) joined.known = false;
      if (joined.text.size() > max_text) joined.text.resize(max_text);
      return joined;
    }
    if (name == "typer.Option" || name == "typer.Argument")
      return argument_value(node, 0, "default", scope, depth + 1);
    // What is read from a path or an address is named by it.
    if (among(opening, name)) return argument_value(node, 0, "url", scope, depth + 1);
    v.type = PyValue::Type::other;
  }
  if (kind_of(function) == Kind::attribute) {
    Ast object = field(function, Field::object);
    PyValue of_object = value(object, scope, depth + 1);
    std::string_view method = source_.of(field(function, Field::attribute));
    if (of_object.is_text()) {
      if (among(passing, method)) return of_object;
      if (method == "strip" || method == "rstrip" || method == "lstrip" || method == "encode")
        return of_object;
      if (method == "lower") return text_value(lower(of_object.text));
      if (method == "format") {
        bool known = true;
        std::string text = formatted(of_object, node, scope, depth, known);
        return text_value(std::move(text), known);
      }
      if (method == "join") {
        std::vector<Ast> args = listed(field(node, Field::arguments), 2);
        PyValue list = args.size() == 1 ? value(args[0], scope, depth + 1) : PyValue{};
        if (list.type == PyValue::Type::list && list.known) {
          std::string joined;
          for (std::size_t i = 0; i < list.items.size() && joined.size() < max_text; ++i) {
            if (i > 0) joined += of_object.text;
            joined += list.items[i].text;
          }
          return text_value(std::move(joined));
        }
      }
    }
  }
  return v;
}

// "{}/{0}/{name}".format(…): each field a constant, or "{}" where it is not known.
std::string Evaluation::formatted(const PyValue& pattern, Ast call, std::uint32_t scope,
                                  unsigned depth, bool& known) {
  std::string out;
  std::size_t next = 0;
  std::string_view text = pattern.text;
  for (std::size_t i = 0; i < text.size() && out.size() < max_text; ++i) {
    if (text[i] != '{' || i + 1 >= text.size() || text[i + 1] == '{') {
      out += text[i];
      if ((text[i] == '{' || text[i] == '}') && i + 1 < text.size() && text[i + 1] == text[i]) ++i;
      continue;
    }
    std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) break;
    std::string_view name = text.substr(i + 1, end - i - 1);
    auto number = to_integer(name);
    PyValue v;
    if (name.empty() || (number && *number >= 0))
      v = argument_value(call, number ? static_cast<std::size_t>(*number) : next++, "", scope,
                         depth + 1);
    else
      v = argument_value(call, 1000, name, scope, depth + 1);
    bool constant = v.known && v.type != PyValue::Type::name && v.type != PyValue::Type::list;
    out += constant ? v.text : "{}";
    known = known && constant;
    i = end;
  }
  return out;
}

PyValue Evaluation::of_string(Ast node, std::uint32_t scope, unsigned depth) {
  PyValue out = text_value("");
  std::string_view prefix = source_.text.substr(node->begin, node->mark - node->begin);
  bool raw = prefix.find_first_of("rR") != std::string_view::npos;
  std::size_t at = node->mark;
  auto content = [&](std::size_t end) {
    std::string_view text = source_.text.substr(at, end > at ? end - at : 0);
    if (raw)
      out.text += text.substr(0, max_text);
    else
      unescape(text, out.text);
  };
  for (Ast n : children(node, 128)) {
    content(n->begin);
    at = n->end;
    PyValue v = value(field(n, Field::expression), scope, depth + 1);
    bool constant = v.known && v.type != PyValue::Type::name && v.type != PyValue::Type::list;
    out.text += constant ? v.text : "{}";
    out.known = out.known && constant;
    out.from_environment = out.from_environment || v.from_environment;
    if (out.text.size() > max_text) break;
  }
  content(node->end - node->mark_length);
  if (out.text.size() > max_text) out.text.resize(max_text);
  return out;
}

PyValue Evaluation::of_binary(Ast node, std::uint32_t scope, unsigned depth) {
  PyValue left = value(field(node, Field::left), scope, depth + 1);
  PyValue right = value(field(node, Field::right), scope, depth + 1);
  std::string_view op = source_.operator_of(node);
  PyValue v = unknown(node);
  bool text = left.type == PyValue::Type::text || right.type == PyValue::Type::text;
  if ((op == "+" || op == "/") && text) {
    auto part = [](const PyValue& x) {
      return x.type == PyValue::Type::text ? x.text : std::string("{}");
    };
    v = text_value(part(left) + (op == "/" ? "/" : "") + part(right),
                   left.is_text() && right.is_text());
  } else if (op == "%" && left.type == PyValue::Type::text) {
    v = text_value(left.text, false);
    if (left.is_text() && right.is_text() && contains(left.text, "%s") &&
        left.text.find('%') == left.text.rfind('%'))
      v = text_value(replace_all(left.text, "%s", right.text));
  } else if (op == "+" && left.type == PyValue::Type::list && right.type == PyValue::Type::list) {
    left.items.insert(left.items.end(), right.items.begin(), right.items.end());
    if (left.items.size() > PyValue::max_items) left.items.resize(PyValue::max_items);
    left.known = left.known && right.known;
    left.text = v.text;
    v = std::move(left);
  }
  v.from_environment = left.from_environment || right.from_environment;
  return v;
}

PyValue Evaluation::value(Ast node, std::uint32_t scope, unsigned depth) {
  if (node == nullptr) return {};
  if (depth > max_depth || too_much()) return unknown(node);
  PyValue v;
  v.known = true;
  switch (+kind_of(node)) {
    case Kind::string:
      return of_string(node, scope, depth);
    case Kind::concatenated_string: {
      PyValue out = text_value("");
      for (Ast n : children(node, 512)) {
        PyValue part = value(n, scope, depth + 1);
        if (out.text.size() < max_text) out.text += part.text;
        out.known = out.known && part.known;
      }
      return out;
    }
    case Kind::integer:
    case Kind::float_:
      v.type = PyValue::Type::number;
      v.text = std::string(source_.of(node).substr(0, 64));
      return v;
    case Kind::true_:
    case Kind::false_:
      v.type = PyValue::Type::boolean;
      v.text = kind_of(node) == Kind::true_ ? "True" : "False";
      return v;
    case Kind::none:
      v.type = PyValue::Type::none;
      v.text = "None";
      return v;
    case Kind::unary_operator:
      if (source_.of(node).size() >= 32 || !source_.of(node).starts_with('-')) return unknown(node);
      v.type = PyValue::Type::number;
      v.text = std::string(source_.of(node));
      return v;
    case Kind::list: {
      v.type = PyValue::Type::list;
      v.text = std::string(source_.of(node).substr(0, 200));
      for (Ast n : children(node, PyValue::max_items)) {
        PyValue item = value(n, scope, depth + 1);
        v.known = v.known && item.known;
        item.items.clear();
        v.items.push_back(std::move(item));
      }
      return v;
    }
    case Kind::dictionary: {
      // As it is written; known when all of it is.
      v.text = std::string(source_.of(node).substr(0, 200));
      for (Ast n : children(node, PyValue::max_items))
        v.known = v.known && kind_of(n) == Kind::pair &&
                  value(field(n, Field::key), scope, depth + 1).known &&
                  value(field(n, Field::value), scope, depth + 1).known;
      return v;
    }
    case Kind::parenthesized:
    case Kind::await_:
      return value(child_at(node, 0), scope, depth + 1);
    case Kind::named_expression:
      return value(field(node, Field::value), scope, depth + 1);
    case Kind::identifier:
      return of_name(node, scope, depth);
    case Kind::attribute:
      return of_attribute(node, scope, depth);
    case Kind::call:
      return of_call(node, scope, depth);
    case Kind::binary_operator:
      return of_binary(node, scope, depth);
    default:
      return unknown(node);
  }
}

}  // namespace parapet::python
