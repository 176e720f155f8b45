#include <algorithm>
#include <array>

#include "base/text.h"
#include "syntax/python/entry.h"
#include "syntax/python/source.h"

namespace parapet::python {

namespace {

constexpr std::size_t max_seen = 300'000;

// Names that Flask-AppBuilder (Airflow, Superset) and Django read from a module of settings.
bool is_setting(std::string_view name) {
  for (std::string_view s : {"WTF_CSRF_ENABLED", "PUBLIC_ROLE_LIKE", "CORS_ALLOW_ALL_ORIGINS",
                             "CORS_ORIGIN_ALLOW_ALL", "ALLOWED_HOSTS", "TALISMAN_ENABLED"})
    if (name == s) return true;
  return name.starts_with("AUTH_ROLE_") || name.starts_with("AUTH_USER_REGISTRATION");
}

class Walk {
 public:
  Walk(Source& source, PythonModule& out) : source_(source), out_(out) {
    source_.scopes.emplace_back();
    open_.push_back({0, 0});
  }

  void run(Ast root, const KeepGoing& keep_going) {
    std::vector<Ast> around;  // the nodes that n stands in
    for (Ast n = root; n != nullptr; n = n->next) {
      while (open_.size() > 1 && open_.back().depth >= around.size()) open_.pop_back();
      if (keep_going && !keep_going()) return note("the limit of parse steps", n->begin);
      while (enter(n, static_cast<unsigned>(around.size())) && n->child != nullptr) {
        around.push_back(n);
        n = n->child;
      }
      while (n->next == nullptr && !around.empty()) {
        n = around.back();
        around.pop_back();
      }
    }
  }

 private:
  struct Open {
    std::uint32_t scope;
    unsigned depth;
  };

  std::uint32_t scope() const { return open_.back().scope; }

  void note(std::string why, std::uint64_t at) {
    if (!out_.problem.empty()) return;
    out_.problem = std::move(why);
    out_.problem_at = at;
  }

  Binding& bind(Ast name, Binding::Type type, Ast value) {
    Binding& b = source_.scopes[scope()].names[source_.of(name)];
    ++b.count;
    // An import is stronger than what stands in for it when it fails: "except ImportError: x =
    // None".
    if (b.type == Binding::Type::import && type != Binding::Type::import) return b;
    // Of several assignments the first with a call says best what the name is.
    if (b.type != Binding::Type::assigned || kind_of(b.value) != Kind::call) b.value = value;
    b.type = type;
    return b;
  }

  // `target = value`, also with targets in tuples.
  void assign(Ast target, Ast value, Binding::Type type, unsigned depth = 0) {
    switch (+kind_of(target)) {
      case Kind::identifier:
        bind(target, type, value);
        return;
      case Kind::pattern_list:
      case Kind::list:
      case Kind::as_pattern_target:
      case Kind::parenthesized:
        if (depth < 4)
          for (Ast n : children(target, 32))
            assign(n, value,
                   kind_of(target) == Kind::as_pattern_target ? type : Binding::Type::loop,
                   depth + 1);
        return;
      case Kind::attribute: {
        Ast object = field(target, Field::object);
        if (kind_of(object) == Kind::identifier && source_.of(object) == "self") {
          for (std::size_t i = open_.size(); i-- > 0;) {
            Scope& s = source_.scopes[open_[i].scope];
            if (s.type != Scope::Type::classes) continue;
            std::string_view name = source_.of(field(target, Field::attribute));
            if (!s.attributes.try_emplace(name, value).second) s.reassigned.insert(name);
            break;
          }
        }
        return;
      }
      default:
        return;
    }
  }

  std::string dotted(Ast n) const {
    std::string out;
    for (char c : source_.of(n))
      if (!is_space(c) && c != '\\' && out.size() < 512) out += c;
    return out;
  }

  void import(Ast node) {
    for (Ast n : children(node, 256)) {
      Ast name = kind_of(n) == Kind::aliased_import ? field(n, Field::name) : n;
      if (kind_of(name) != Kind::dotted_name) continue;
      std::string module = dotted(name);
      source_.imported.push_back(module);
      out_.imports.push_back({module, "", node->begin, node->end - node->begin});
      if (kind_of(n) == Kind::aliased_import) {
        bind(field(n, Field::alias), Binding::Type::import, nullptr).dotted = module;
      } else {
        Ast first = child_at(name, 0);
        if (first != nullptr)
          bind(first, Binding::Type::import, nullptr).dotted = std::string(source_.of(first));
      }
    }
  }

  void import_from(Ast node, bool future) {
    Ast module_node = field(node, Field::module_name);
    std::string module = future ? "__future__" : dotted(module_node);
    source_.imported.push_back(module);
    std::uint64_t at = node->begin;
    std::uint64_t length = node->end - at;
    for (Ast n : children(node, 512)) {
      if (!future && n == module_node) continue;
      if (kind_of(n) == Kind::wildcard_import) {
        out_.imports.push_back({module, "*", at, length});
        if (source_.star_imports.size() < 16) source_.star_imports.push_back(module);
        continue;
      }
      bool aliased = kind_of(n) == Kind::aliased_import;
      Ast name = aliased ? field(n, Field::name) : n;
      if (kind_of(name) != Kind::dotted_name) continue;
      std::string what = dotted(name);
      if (what.ends_with("_pb2_grpc")) source_.imported.push_back(what);
      out_.imports.push_back({module, what, at, length});
      Ast bound = aliased ? field(n, Field::alias) : child_at(name, 0);
      if (bound == nullptr) continue;
      bind(bound, Binding::Type::import, nullptr).dotted =
          module + (module.ends_with('.') ? "" : ".") + what;
    }
  }

  bool is_decorated(Ast definition) const {
    return decorated_ != nullptr && field(decorated_, Field::definition) == definition;
  }

  // The function whose parameters are bound next, and who calls it.
  Entry entry(Ast definition) {
    return entry_of(source_, is_decorated(definition) ? decorated_ : nullptr, definition);
  }

  // A class of this module that names its values: class Kind(str, Enum).
  bool is_enumeration(Ast type) const {
    if (type == nullptr) return false;
    auto it = source_.scopes[0].names.find(source_.of(type));
    if (it == source_.scopes[0].names.end() || it->second.type != Binding::Type::definition ||
        it->second.value == nullptr)
      return false;
    Ast bases = field(it->second.value, Field::superclasses);
    return bases != nullptr && contains(source_.of(bases), "Enum");
  }

  void bind_parameters(Ast parameters, const Entry& entry) {
    for (Ast p : children(parameters, 128)) {
      Ast name = p;
      Ast type = nullptr;
      Kind::Value k = kind_of(p);
      if (k == Kind::default_parameter || k == Kind::typed_default_parameter)
        name = field(p, Field::name);
      if (k == Kind::typed_parameter) name = child_at(p, 0);
      if (k == Kind::typed_parameter || k == Kind::typed_default_parameter)
        type = field(p, Field::type);
      if (kind_of(name) != Kind::identifier) {
        name = child_at(name, 0);
        if (kind_of(name) != Kind::identifier) continue;
      }
      Binding& b = bind(name, Binding::Type::parameter, type);
      b.harmless =
          is_harmless(source_.of(name), type == nullptr ? std::string_view() : source_.of(type));
      b.harmless = b.harmless || is_enumeration(type);
      b.origin = b.harmless ? PyOrigin::program : entry.origin_of(source_.of(name), source_.of(p));
      b.fallback = entry.default_of(source_.of(name), field(p, Field::value), source_);
      source_.has_entry = source_.has_entry || b.origin != PyOrigin::program;
      Scope& s = source_.scopes[scope()];
      if (s.type == Scope::Type::function && s.parameters.size() < 64) s.parameters.push_back(name);
    }
  }

  void open(Ast node, Scope::Type type, unsigned depth) {
    Scope& parent = source_.scopes[scope()];
    if (parent.depth >= max_scope_depth) return;
    Ast name = field(node, Field::name);
    Scope s;
    s.type = type;
    s.parent = scope();
    s.depth = parent.depth + 1;
    s.name = name == nullptr ? std::string_view("lambda") : source_.of(name);
    s.node = node;
    source_.scopes.push_back(std::move(s));
    source_.scope_of.emplace(node, static_cast<std::uint32_t>(source_.scopes.size() - 1));
    open_.push_back({static_cast<std::uint32_t>(source_.scopes.size() - 1), depth});
  }

  void see(Seen::Type type, Ast node) {
    if (source_.seen.size() >= max_seen) return note("the limit of calls", node->begin);
    source_.seen.push_back({type, node, scope()});
  }

  void option(Ast call) {
    Ast function = field(call, Field::function);
    if (kind_of(function) != Kind::attribute ||
        source_.of(field(function, Field::attribute)) != "add_argument")
      return;
    std::string_view destination;
    Ast value = nullptr;
    for (Ast a : children(field(call, Field::arguments), 24)) {
      if (kind_of(a) == Kind::string && destination.empty()) {
        std::string_view t = source_.of(a);
        while (!t.empty() && (t.front() == '"' || t.front() == '\'' || t.front() == '-'))
          t.remove_prefix(1);
        while (!t.empty() && (t.back() == '"' || t.back() == '\'')) t.remove_suffix(1);
        if (t.size() > 1) destination = t;
      } else if (kind_of(a) == Kind::string) {
        std::string_view t = source_.of(a);
        if (contains(t, "--")) {
          t.remove_prefix(t.find("--") + 2);
          while (!t.empty() && (t.back() == '"' || t.back() == '\'')) t.remove_suffix(1);
          destination = t;
        }
      } else if (kind_of(a) == Kind::keyword_argument &&
                 source_.of(field(a, Field::name)) == "default") {
        value = field(a, Field::value);
      }
    }
    if (!destination.empty() && value != nullptr)
      source_.option_defaults.try_emplace(destination, value);
  }

  // Its parameters count as names of the function around it.
  void bind_lambda(Ast parameters) {
    for (Ast p : children(parameters, 32))
      if (kind_of(p) == Kind::identifier) bind(p, Binding::Type::parameter, nullptr);
  }

  // True: its children are to be walked too.
  bool enter(Ast n, unsigned depth) {
    switch (+kind_of(n)) {
      case Kind::identifier:
      case Kind::integer:
      case Kind::float_:
        return false;
      case Kind::error:
        note("not valid Python", n->begin);
        return true;
      case Kind::import_statement:
        import(n);
        return false;
      case Kind::import_from:
        import_from(n, false);
        return false;
      case Kind::future_import:
        import_from(n, true);
        return false;
      case Kind::assignment: {
        Ast left = field(n, Field::left);
        Ast right = field(n, Field::right);
        if (right != nullptr) {
          // In a = b = c the innermost right side is the value of all.
          for (int i = 0; i < 8 && kind_of(right) == Kind::assignment; ++i)
            right = field(right, Field::right);
          assign(left, right, Binding::Type::assigned);
          Kind::Value k = kind_of(left);
          bool constant = k == Kind::identifier && scope() == 0 && is_setting(source_.of(left));
          if (k == Kind::attribute || k == Kind::subscript || constant) see(Seen::Type::setting, n);
        } else if (kind_of(left) == Kind::identifier) {
          // A field of a data class: "client: OpenAI".
          Ast type = field(n, Field::type);
          if (type != nullptr) bind(left, Binding::Type::parameter, type);
        }
        return true;
      }
      case Kind::augmented_assignment:
        assign(field(n, Field::left), field(n, Field::right), Binding::Type::assigned);
        assign(field(n, Field::left), field(n, Field::right), Binding::Type::loop);
        return true;
      case Kind::named_expression:
        assign(field(n, Field::name), field(n, Field::value), Binding::Type::assigned);
        return true;
      case Kind::for_statement:
      case Kind::for_in_clause:
        assign(field(n, Field::left), field(n, Field::right), Binding::Type::loop);
        return true;
      case Kind::as_pattern: {
        Ast alias = field(n, Field::alias);
        if (alias != nullptr) assign(alias, child_at(n, 0), Binding::Type::assigned);
        return true;
      }
      case Kind::decorated_definition:
        decorated_ = n;
        return true;
      case Kind::class_definition:
        bind(field(n, Field::name), Binding::Type::definition, n);
        open(n, Scope::Type::classes, depth);
        return true;
      case Kind::function_definition: {
        Ast name = field(n, Field::name);
        if (name != nullptr) bind(name, Binding::Type::definition, n);
        if (is_decorated(n)) see(Seen::Type::decorated, decorated_);
        Entry called = entry(n);
        open(n, Scope::Type::function, depth);
        bind_parameters(field(n, Field::parameters), called);
        return true;
      }
      case Kind::lambda: {
        Ast p = field(n, Field::parameters);
        if (p != nullptr) bind_lambda(p);
        return true;
      }
      case Kind::call:
        see(Seen::Type::call, n);
        option(n);
        return true;
      default:
        return true;
    }
  }

  Source& source_;
  PythonModule& out_;
  std::vector<Open> open_;
  Ast decorated_ = nullptr;  // the last decorated definition entered
};

}  // namespace

void walk(Ast root, Source& source, PythonModule& out, const KeepGoing& keep_going) {
  find_ui_callbacks(source);
  Walk(source, out).run(root, keep_going);
}

}  // namespace parapet::python
