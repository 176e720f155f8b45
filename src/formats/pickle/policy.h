#pragma once
// What loading a name out of a pickle means. Four verdicts, each with its reason in words:
//   dangerous   known to run code, reach files, network or processes, or fetch arbitrary attributes
//   suspicious  a use that no writer of pickles makes: a function of the standard library called
//               that none calls, an unknown one handed a command, the result of a call called
//   unknown     everything else: runs when loaded, and nobody here can say what it does
//   safe        exactly a name that a named library writes when it pickles its own objects, called
//               with arguments of the kinds that it writes
// A name is judged by what it resolves to, not by how it is spelt: Python 2 names, C twins,
// submodules, and attributes that lead out of their module (`random` `_os.system`) are followed.
#include <string>
#include <string_view>

namespace parapet::pickle {

enum class Verdict : std::uint8_t { safe, unknown, suspicious, dangerous };
std::string_view to_text(Verdict);

// How a name is used by a stream.
enum class How : std::uint8_t {
  import,
  reduce,
  newobj,
  newobj_ex,
  obj,
  inst,
  reconstructor,
  build,
  setitem
};
std::string_view to_text(How);

// What the machine can work out about a call of the name.
enum class Gadget : std::uint8_t {
  none,
  getattr,        // getattr(object, name)
  import_module,  // import_module("os"): a module
  import_path,    // resolve_name("os:system"), locate("os.system")
  attrgetter,     // attrgetter("a.b")
  methodcaller,   // methodcaller("name", ...)
  partial,        // partial(f, ...)
  apply,          // map(f, ...), operator.call(f, ...)
  apply_tuple,    // torch._tensor._rebuild_from_type_v2(f, class, (...), state)
  fold,           // functools.reduce(f, items): writes int | str so
  parameters,     // types.GenericAlias(list, (int,)): writes list[int] so
  reconstructor,  // copyreg._reconstructor(cls, base, state)
  new_object,     // copyreg.__newobj__(cls, ...)
  new_object_ex,  // copyreg.__newobj_ex__(cls, args, keywords)
  named_type,     // cloudpickle._builtin_type("CodeType")
  ufunc,          // numpy.core._ufunc_reconstruct(module, name)
  code,           // builds a code object out of bytes
  function,       // makes a function out of a code object that travels in the stream
  dynamic_class,  // makes a class whose methods travel in the stream
  join,           // str.join
  concat,         // operator.add, operator.concat
  decode,         // bytes or text to text, unchanged for our purposes
  base64,         // base64.b64decode
  item,           // operator.getitem, dict.get
  namespace_of,   // vars(module), globals()
  type_of,        // type(None), as Python writes the type of None
};

struct Judgement {
  Verdict verdict = Verdict::unknown;
  std::string why;
  Gadget gadget = Gadget::none;
  bool construct_only =
      false;  // a class that counts less while an object is made without its constructor
  bool standard_library = false;
  bool sounds_dangerous = false;  // of a known library: dangerous when called, unknown when named
  std::string_view shapes = {};   // of a safe name: the calls that are written, names.h
};

// `name` may be dotted: a load of protocol 4 and higher follows the attributes.
Judgement judge(std::string_view module, std::string_view name);
// The verdict of using the name this way. `fits`: its arguments have a shape that is written.
// `one_constant`: its only argument is a number or a text, as members of enumerations are written.
Judgement judge_use(const Judgement& name_alone, How how, bool fits = true,
                    bool one_constant = false);
// Is this use one that makes an object without running its class's constructor?
bool constructs(How);

// Does a name inside a code object (a global, attribute or constant) lead to running commands,
// code, or the network?
bool reaches_out(std::string_view name);
// What makes a text an attacker's argument: "a command", "Python code" …; empty when nothing does.
std::string_view attack_in(std::string_view text);
// Is this an importable module whose objects are dangerous as a whole (os, subprocess …)?
bool is_dangerous_module(std::string_view module);
bool is_standard_library(std::string_view module);
// The Python 3 name of a Python 2 one; the same pair when there is none.
struct Name {
  std::string_view module, name;
};
Name python3_name(std::string_view module, std::string_view name);

}  // namespace parapet::pickle
