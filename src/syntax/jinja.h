#pragma once
// Jinja templates read into expressions, to say what rendering one would reach in Python.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/parsed.h"

namespace parapet {

struct JinjaReach {
  enum class Type : std::uint8_t {
    dunder,     // an attribute that leads from values to Python's classes: __class__, __globals__ …
    module,     // os, subprocess, sys … reached as an attribute or item
    execution,  // popen, system, eval, exec, __import__ called
    include,    // another template is read: include, import, extends
  } type;
  std::string what;  // "cycler.__init__.__globals__"
  std::uint64_t offset = 0, length = 0;
};

struct JinjaTemplate {
  std::vector<JinjaReach> reaches;  // in order, at most max_reaches
  std::vector<std::string>
      calls;                 // global functions called: raise_exception, strftime_now, range …
  bool is_template = false;  // there is at least one {{ }} or {% %}
  std::string problem;       // empty: read to the end
  std::uint64_t problem_at = 0;

  static constexpr std::size_t max_reaches = 32;
};

// Names are worked out where they are built from constants: attr("__cl" ~ "ass__"), ["a","b"]|join,
// "%s"|format(...), reversed and replaced texts.
JinjaTemplate read_jinja(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
