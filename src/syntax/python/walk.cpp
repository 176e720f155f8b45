#include <algorithm>
#include <array>

#include "base/text.h"
#include "syntax/python/entry.h"
#include "syntax/python/source.h"

namespace parapet::python {

std::vector<TSNode> named_children(TSNode node, std::size_t limit) {
  std::vector<TSNode> out;
  TSTreeCursor c = ts_tree_cursor_new(node);
  if (ts_tree_cursor_goto_first_child(&c)) {
    do {
      TSNode n = ts_tree_cursor_current_node(&c);
      if (ts_node_is_named(n) && kind_of(n) != Kind::comment) out.push_back(n);
    } while (out.size() < limit && ts_tree_cursor_goto_next_sibling(&c));
  }
  ts_tree_cursor_delete(&c);
  return out;
}

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

  void run(TSNode root, const KeepGoing& keep_going) {
    TSTreeCursor c = ts_tree_cursor_new(root);
    unsigned depth = 0;
    for (bool more = true; more;) {
      if (keep_going && !keep_going()) {
        note("the limit of parse steps", ts_node_start_byte(ts_tree_cursor_current_node(&c)));
        break;
      }
      if (enter(ts_tree_cursor_current_node(&c), depth) && ts_tree_cursor_goto_first_child(&c)) {
        ++depth;
        continue;
      }
      while (!(more = ts_tree_cursor_goto_next_sibling(&c)) && ts_tree_cursor_goto_parent(&c))
        --depth;
      while (open_.size() > 1 && open_.back().depth >= depth) open_.pop_back();
      if (depth == 0) break;
    }
    ts_tree_cursor_delete(&c);
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

  Binding& bind(TSNode name, Binding::Type type, TSNode value) {
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
  void assign(TSNode target, TSNode value, Binding::Type type, unsigned depth = 0) {
    switch (+kind_of(target)) {
      case Kind::identifier:
        bind(target, type, value);
        return;
      case Kind::pattern_list:
      case Kind::list:
      case Kind::as_pattern_target:
      case Kind::parenthesized:
        if (depth < 4)
          for (TSNode n : named_children(target, 32))
            assign(n, value,
                   kind_of(target) == Kind::as_pattern_target ? type : Binding::Type::loop,
                   depth + 1);
        return;
      case Kind::attribute: {
        TSNode object = field(target, Field::object);
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

  std::string dotted(TSNode n) const {
    std::string out;
    for (char c : source_.of(n))
      if (!is_space(c) && c != '\\' && out.size() < 512) out += c;
    return out;
  }

  void import(TSNode node) {
    for (TSNode n : named_children(node, 256)) {
      TSNode name = kind_of(n) == Kind::aliased_import ? field(n, Field::name) : n;
      if (kind_of(name) != Kind::dotted_name) continue;
      std::string module = dotted(name);
      source_.imported.push_back(module);
      out_.imports.push_back({module, "", ts_node_start_byte(node),
                              ts_node_end_byte(node) - ts_node_start_byte(node)});
      if (kind_of(n) == Kind::aliased_import) {
        bind(field(n, Field::alias), Binding::Type::import, TSNode{}).dotted = module;
      } else {
        TSNode first = ts_node_named_child(name, 0);
        if (!ts_node_is_null(first))
          bind(first, Binding::Type::import, TSNode{}).dotted = std::string(source_.of(first));
      }
    }
  }

  void import_from(TSNode node, bool future) {
    TSNode module_node = field(node, Field::module_name);
    std::string module = future ? "__future__" : dotted(module_node);
    source_.imported.push_back(module);
    std::uint64_t at = ts_node_start_byte(node);
    std::uint64_t length = ts_node_end_byte(node) - at;
    for (TSNode n : named_children(node, 512)) {
      if (!future && ts_node_eq(n, module_node)) continue;
      if (kind_of(n) == Kind::wildcard_import) {
        out_.imports.push_back({module, "*", at, length});
        if (source_.star_imports.size() < 16) source_.star_imports.push_back(module);
        continue;
      }
      bool aliased = kind_of(n) == Kind::aliased_import;
      TSNode name = aliased ? field(n, Field::name) : n;
      if (kind_of(name) != Kind::dotted_name) continue;
      std::string what = dotted(name);
      if (what.ends_with("_pb2_grpc")) source_.imported.push_back(what);
      out_.imports.push_back({module, what, at, length});
      TSNode bound = aliased ? field(n, Field::alias) : ts_node_named_child(name, 0);
      if (ts_node_is_null(bound)) continue;
      bind(bound, Binding::Type::import, TSNode{}).dotted =
          module + (module.ends_with('.') ? "" : ".") + what;
    }
  }

  // Not by ts_node_parent, which searches from the root.
  bool is_decorated(TSNode definition) const {
    return !ts_node_is_null(decorated_) &&
           ts_node_eq(field(decorated_, Field::definition), definition);
  }

  // The function whose parameters are bound next, and who calls it.
  Entry entry(TSNode definition) {
    return entry_of(source_, is_decorated(definition) ? decorated_ : TSNode{}, definition);
  }

  // A class of this module that names its values: class Kind(str, Enum).
  bool is_enumeration(TSNode type) const {
    if (ts_node_is_null(type)) return false;
    auto it = source_.scopes[0].names.find(source_.of(type));
    if (it == source_.scopes[0].names.end() || it->second.type != Binding::Type::definition ||
        ts_node_is_null(it->second.value))
      return false;
    TSNode bases = field(it->second.value, Field::superclasses);
    return !ts_node_is_null(bases) && contains(source_.of(bases), "Enum");
  }

  void bind_parameters(TSNode parameters, const Entry& entry) {
    for (TSNode p : named_children(parameters, 128)) {
      TSNode name = p;
      TSNode type{};
      Kind::Value k = kind_of(p);
      if (k == Kind::default_parameter || k == Kind::typed_default_parameter)
        name = field(p, Field::name);
      if (k == Kind::typed_parameter) name = ts_node_named_child(p, 0);
      if (k == Kind::typed_parameter || k == Kind::typed_default_parameter)
        type = field(p, Field::type);
      if (kind_of(name) != Kind::identifier) {
        name = ts_node_named_child(name, 0);
        if (kind_of(name) != Kind::identifier) continue;
      }
      Binding& b = bind(name, Binding::Type::parameter, type);
      b.harmless = is_harmless(source_.of(name),
                               ts_node_is_null(type) ? std::string_view() : source_.of(type));
      b.harmless = b.harmless || is_enumeration(type);
      b.origin = b.harmless ? PyOrigin::program : entry.origin_of(source_.of(name), source_.of(p));
      b.fallback = entry.default_of(source_.of(name), field(p, Field::value), source_);
      source_.has_entry = source_.has_entry || b.origin != PyOrigin::program;
      Scope& s = source_.scopes[scope()];
      if (s.type == Scope::Type::function && s.parameters.size() < 64) s.parameters.push_back(name);
    }
  }

  void open(TSNode node, Scope::Type type, unsigned depth) {
    Scope& parent = source_.scopes[scope()];
    if (parent.depth >= max_scope_depth) return;
    TSNode name = field(node, Field::name);
    Scope s;
    s.type = type;
    s.parent = scope();
    s.depth = parent.depth + 1;
    s.name = ts_node_is_null(name) ? std::string_view("lambda") : source_.of(name);
    s.node = node;
    source_.scopes.push_back(std::move(s));
    source_.scope_of.emplace(node.id, static_cast<std::uint32_t>(source_.scopes.size() - 1));
    open_.push_back({static_cast<std::uint32_t>(source_.scopes.size() - 1), depth});
  }

  void see(Seen::Type type, TSNode node) {
    if (source_.seen.size() >= max_seen)
      return note("the limit of calls", ts_node_start_byte(node));
    source_.seen.push_back({type, node, scope()});
  }

  void option(TSNode call) {
    TSNode function = field(call, Field::function);
    if (kind_of(function) != Kind::attribute ||
        source_.of(field(function, Field::attribute)) != "add_argument")
      return;
    std::string_view destination;
    TSNode value{};
    for (TSNode a : named_children(field(call, Field::arguments), 24)) {
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
    if (!destination.empty() && !ts_node_is_null(value))
      source_.option_defaults.try_emplace(destination, value);
  }

  // Its parameters count as names of the function around it.
  void bind_lambda(TSNode parameters) {
    for (TSNode p : named_children(parameters, 32))
      if (kind_of(p) == Kind::identifier) bind(p, Binding::Type::parameter, TSNode{});
  }

  // True: its children are to be walked too.
  bool enter(TSNode n, unsigned depth) {
    switch (+kind_of(n)) {
      case Kind::comment:
      case Kind::identifier:
      case Kind::integer:
      case Kind::float_:
        return false;
      case Kind::error:
        note("not valid Python", ts_node_start_byte(n));
        return true;
      case Kind::string:
        return ts_node_named_child_count(n) > 3 || contains(source_.of(n), "{");
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
        TSNode left = field(n, Field::left);
        TSNode right = field(n, Field::right);
        if (!ts_node_is_null(right)) {
          // In a = b = c the innermost right side is the value of all.
          for (int i = 0; i < 8 && kind_of(right) == Kind::assignment; ++i)
            right = field(right, Field::right);
          assign(left, right, Binding::Type::assigned);
          Kind::Value k = kind_of(left);
          bool constant = k == Kind::identifier && scope() == 0 && is_setting(source_.of(left));
          if (k == Kind::attribute || k == Kind::subscript || constant) see(Seen::Type::setting, n);
        } else if (kind_of(left) == Kind::identifier) {
          // A field of a data class: "client: OpenAI".
          TSNode type = field(n, Field::type);
          if (!ts_node_is_null(type)) bind(left, Binding::Type::parameter, type);
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
        TSNode alias = field(n, Field::alias);
        if (!ts_node_is_null(alias))
          assign(alias, ts_node_named_child(n, 0), Binding::Type::assigned);
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
        TSNode name = field(n, Field::name);
        if (!ts_node_is_null(name)) bind(name, Binding::Type::definition, n);
        if (is_decorated(n)) see(Seen::Type::decorated, decorated_);
        Entry called = entry(n);
        open(n, Scope::Type::function, depth);
        bind_parameters(field(n, Field::parameters), called);
        return true;
      }
      case Kind::lambda: {
        TSNode p = field(n, Field::parameters);
        if (!ts_node_is_null(p)) bind_lambda(p);
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
  TSNode decorated_{};  // the last decorated definition entered
};

}  // namespace

void walk(TSNode root, Source& source, PythonModule& out, const KeepGoing& keep_going) {
  find_ui_callbacks(source);
  Walk(source, out).run(root, keep_going);
}

}  // namespace parapet::python
