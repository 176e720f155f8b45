#pragma once
// Functions that somebody outside calls: routes of web frameworks, handlers of serving products,
// callbacks of user interfaces, tools of models. Which of their parameters the caller chooses.
#include "syntax/python/source.h"

namespace parapet::python {

struct Entry {
  PyOrigin origin = PyOrigin::program;  // of all parameters
  // Of some: bits of handler_shapes (flow_tables.h) that fit the function's name.
  std::uint32_t shapes = 0;

  bool command = false;           // of a command line: defaults are values (click, typer)
  std::vector<Ast> options = {};  // click.option(…) calls

  // The default of an option, or null.
  Ast default_of(std::string_view parameter, Ast written, const Source& source) const;
  // `declaration` is the parameter with its type and default.
  PyOrigin origin_of(std::string_view parameter, std::string_view declaration) const;
};

// `decorated` is the definition with its decorators, or null.
Entry entry_of(const Source& source, Ast decorated, Ast definition);

// A number or the object itself: nothing in it can be chosen that harms.
bool is_harmless(std::string_view parameter, std::string_view type);

// Names of functions that a user interface calls: gr.Interface(fn=predict), button.click(run, …).
void find_ui_callbacks(Source& source);

}  // namespace parapet::python
