#pragma once
// What a Python source means for an estate, as facts: shared by .py files, notebooks and
// TorchScript.
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "model/sink.h"
#include "syntax/python.h"

namespace parapet::python {

struct PythonText {
  std::string_view text;
  std::string_view via;                                                // python, torchscript
  std::function<Place(std::size_t offset, std::size_t length)> place;  // of a part of the text
};

// Reads the source and puts all that follows.
void add_python_facts(const PythonText& source, Sink& sink);

// What the parts share.
struct Module {
  const PythonText& source;
  const PythonModule& code;
  Sink& sink;
  std::set<std::string_view> hashing = {};  // functions that compute a digest

  Place place(const PyCall& c) const { return source.place(c.offset, c.length); }
  std::string says(const PyCall& c) const;
};

void add_references(const PyCall& call, const Module& module);  // dataset, model-reference
void add_services(const PyCall& call, const Module& module);    // service, identity
void add_agents(const PyCall& call, const Module& module);      // agent
void add_agent_settings(const Module& module);
void add_api(const Module& module);       // api
void add_practice(const Module& module);  // code: secret-logged, environment-logged, model-ungated
void add_code(const Module& module);      // code: reverse-shell, miner, ...
void add_torchscript(const Module& module);

// Sets an attribute from a value: a constant as it is, a name as it is, anything else as not known.
void set_value(Fact& fact, std::string_view name, const PyValue& value);
bool is_url(std::string_view text);
std::string_view scheme_of(std::string_view url);

}  // namespace parapet::python
