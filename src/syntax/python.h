#pragma once
// What a Python source says, without running it: imports, calls with resolved names and what is
// known of their arguments, assignments to settings, and which outside values arrive at which
// calls. Names are resolved through imports, aliases, names bound to constructor calls ("client =
// mlflow.MlflowClient()" makes client.x() "mlflow.MlflowClient().x"), constant getattr and
// import_module. Branches are not followed: a name bound once to a constant has that value
// everywhere in its scope.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/parsed.h"

namespace parapet {

// Where a value may come from that somebody outside chooses, the least first.
enum class PyOrigin : std::uint8_t {
  program,
  command_line,   // sys.argv, input(): whoever starts the program
  document,       // what a search in a vector store gave
  tool_argument,  // of a function that a model calls
  peer,           // what another process sent over a socket
  model_output,   // what a model or an agent answered
  request,        // what a client sent
};

struct PyValue {
  enum class Type : std::uint8_t { other, text, number, boolean, none, list, name };
  Type type = Type::other;
  bool known = false;     // false: some part is not settled by the source ("{}" stands for it)
  std::string text = {};  // of a constant; of a name the dotted name; else the source, cut
  std::vector<PyValue> items = {};  // of a list, tuple or set; at most max_items
  bool from_environment = false;    // the default of os.environ.get and the like

  static constexpr std::size_t max_items = 64;
  bool is_text() const { return type == Type::text && known; }
  bool is_true() const { return type == Type::boolean && text == "True"; }
  bool is_false() const { return type == Type::boolean && text == "False"; }
};

struct PyArgument {
  std::string name;  // empty: by position; "*" and "**": unpacked, may stand for any
  PyValue value;
};

struct PyCall {
  std::string name;     // dotted; "" when the callee is not a name
  bool rooted = false;  // starts at an import or a builtin ("builtins.eval")
  std::vector<PyArgument> arguments;
  // The worst of its arguments, and of the object it is called on. Known only in modules that have
  // a call of flow_tables.h.
  PyOrigin origin = PyOrigin::program;
  std::uint64_t offset = 0, length = 0;  // from the callee to the closing parenthesis
  std::string within;                    // name of the function around it

  const PyValue* positional(std::size_t index) const;
  const PyValue* keyword(std::string_view keyword_name) const;
  // The argument that may be given either way.
  const PyValue* argument(std::size_t index, std::string_view keyword_name) const;
  bool unpacks() const;  // *args or **kwargs: arguments that are not seen may be there
};

struct PyImport {
  std::string module;  // "torch.hub"; "..models" for relative ones
  std::string name;    // of `from module import name`; "*"; empty for `import module`
  std::uint64_t offset = 0, length = 0;
};

// `target = value` where the target is an attribute or a constant subscript:
// "c.ServerApp.token", "os.environ[X]", "flask.Flask().config[SECRET_KEY]".
struct PySetting {
  std::string target;
  PyValue value;
  std::uint64_t offset = 0, length = 0;
};

struct PyFunction {
  std::string name;
  std::vector<std::string> decorators;   // resolved
  std::uint64_t offset = 0, length = 0;  // of the name
};

struct PyStep {
  std::uint64_t offset = 0, length = 0;
};

// A value from outside that arrives where it must not unchecked.
struct PyFlow {
  PyOrigin origin = PyOrigin::program;
  std::string_view what;      // what happens there: docs/facts.md, kind flow
  std::uint32_t call = 0;     // in PythonModule::calls
  bool composed = false;      // put together with other text on the way
  std::vector<PyStep> steps;  // from where it enters, without the call itself
};

struct PythonModule {
  std::vector<PyImport> imports;
  std::vector<PyCall> calls;
  std::vector<PySetting> settings;
  std::vector<PyFunction> functions;
  std::vector<PyFlow> flows;
  std::string problem;  // empty: understood to the end
  std::uint64_t problem_at = 0;
};

inline constexpr std::size_t max_python_source = 2U << 20U;  // bytes read of one source
PythonModule read_python(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
