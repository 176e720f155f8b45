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

// Exactly the names that a library writes. `gadget` where a call can be followed.
struct SafeRow {
  std::string_view what;  // "NumPy's own way to rebuild arrays"
  std::string_view module, names;
};
std::span<const SafeRow> safe_names();

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

// Words of a function's name that tell what it does in a library where only few functions are ever
// pickled.
bool named_dangerously(std::string_view function, bool known_library);

}  // namespace parapet::pickle
