#pragma once
// The tables behind policy.h: names with what they do.
#include <span>
#include <string_view>

#include "formats/pickle/policy.h"

namespace parapet::pickle {

// What a dangerous name does, as a reason ends a sentence.
enum class Does : std::uint8_t {
  shell,      // runs a command
  code,       // runs Python code
  imports,    // imports any module by name
  attribute,  // fetches any attribute
  calls,      // calls any function given to it
  unpickles,
  reads,
  writes,
  deletes,
  network,
  downloads,  // downloads and loads a model or code
  process,    // starts, ends or changes processes
  native,     // loads native code or touches memory
  internals,  // reaches the interpreter's internals
  hooks,      // installs a hook that runs later
  probes,     // tells about the machine
};
std::string_view to_text(Does);

// `names` are separated by spaces; a class covers its attributes; "*" is all of the module and of
// its submodules but what the safe table names and, outside the standard library, classes of it
// that are only constructed.
struct DangerousRow {
  Does does;
  std::string_view module, names;
};
std::span<const DangerousRow> dangerous_names();  // the interpreter, the network, other loaders
std::span<const DangerousRow> dangerous_library_names();  // frameworks and libraries

// Exactly the names that a library writes, with the arguments that it calls them with: shapes of
// calls, parted by '|', one letter an argument (shapes.cpp), '?' behind one that may be left out,
// '+' behind one that may repeat. "" is never called: named, or made without its constructor.
//   i integer  f number, true or false  b true, false or 0, 1  N None  s text  y bytes or text
//   t tuple  l list  S set  d dictionary  o object that another call made  p stored tensor data
//   r safe name  c safe name, or a class that is not the standard library's
//   v anything but a name or what calls one  * anything
struct SafeRow {
  std::string_view what;  // "NumPy's own way to rebuild arrays"
  std::string_view module, names, shapes;
};
std::span<const SafeRow> safe_names();          // the standard library
std::span<const SafeRow> safe_library_names();  // frameworks and libraries

// Libraries whose classes are only constructed, without their constructors, by their own pickles.
struct Library {
  std::string_view module;  // and below
  std::string_view what;    // "class of scikit-learn"
};
std::span<const Library> construct_only_libraries();

struct GadgetRow {
  Gadget gadget;
  std::string_view module, names;
};
std::span<const GadgetRow> gadgets();

// Is `word` one of the words of `list`, which has a space around each?
bool listed(std::string_view list, std::string_view word);
// `Counter` of `collections.Counter`, and whether a name is written like a class's.
std::string_view last_of(std::string_view name);
bool is_class_name(std::string_view name);

// Words of a function's name that tell what it does in a library where only few functions are ever
// pickled.
bool named_dangerously(std::string_view function, bool known_library);

}  // namespace parapet::pickle
