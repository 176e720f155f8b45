#pragma once
// A parsed source with its scopes: what the walk collects and what evaluation looks up.
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "syntax/python.h"
#include "syntax/python/tree.h"

namespace parapet::python {

// How a name got its meaning in one scope.
struct Binding {
  enum class Type : std::uint8_t {
    none,
    import,
    assigned,
    parameter,
    definition,
    loop
  } type = Type::none;
  unsigned count = 0;   // assignments seen; more than one: no constant
  Ast value = nullptr;  // the right side, the iterated, the parameter's annotation, the definition
  PyOrigin origin = PyOrigin::program;  // of a parameter
  bool harmless = false;                // of a parameter: a number, or the object itself
  Ast fallback = nullptr;               // of a parameter that is an option: its default
  std::string dotted;                   // of an import

  // Evaluated once: 0 not yet, 1 being evaluated (a cycle), 2 done.
  unsigned char state = 0;
  PyValue cached;
};

struct Scope {
  enum class Type : std::uint8_t { module, function, classes } type = Type::module;
  std::uint32_t parent = 0;  // the module's is itself
  unsigned depth = 0;
  std::string_view name;
  Ast node = nullptr;           // its definition; of the module null
  std::vector<Ast> parameters;  // their names, in order
  std::unordered_map<std::string_view, Binding> names;
  std::unordered_map<std::string_view, Ast> attributes;  // of a class: self.X = value, the first
  std::unordered_set<std::string_view> reassigned;       // of those, with several values
};

struct Seen {
  enum class Type : std::uint8_t { call, setting, decorated } type = Type::call;
  Ast node = nullptr;
  std::uint32_t scope = 0;
};

struct Source {
  std::string_view text;
  std::vector<Scope> scopes;
  std::vector<Seen> seen;
  std::vector<std::string> star_imports;
  std::unordered_map<std::string_view, Ast> option_defaults;  // argparse: destination -> default
  std::vector<std::string_view>
      ui_callbacks;  // functions given to a web UI: their parameters are requests
  std::unordered_map<const void*, std::uint32_t> scope_of;  // Ast::id of a definition -> scope
  std::vector<std::string> imported;                        // modules, in order
  bool has_entry = false;  // a function is called with what somebody outside chose

  std::string_view of(Ast n) const {
    return n == nullptr ? std::string_view() : text.substr(n->begin, n->end - n->begin);
  }
  std::string_view operator_of(Ast n) const { return text.substr(n->mark, n->mark_length); }
};

inline constexpr unsigned max_scope_depth = 48;  // functions in functions that are told apart

// One pass over the tree: scopes, bindings, imports, and the calls and assignments to look at
// after.
void walk(Ast root, Source& source, PythonModule& out, const KeepGoing& keep_going);

}  // namespace parapet::python
