#pragma once
// Follows what somebody outside chooses (a request, what a model wrote, a retrieved document) from
// where it enters a module to where it must not arrive unchecked. Statements are read in their
// order, branches are joined, functions of the module are summed up as "this parameter reaches that
// call" and "this parameter comes back", in rounds until nothing changes, at most max_rounds.
// Other modules are not followed: what goes into an unknown call comes out of it.
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "syntax/python/evaluate.h"

namespace parapet::python {

using CallIndex = std::unordered_map<const void*, std::uint32_t>;  // Ast::id -> PythonModule::calls

// Fills PythonModule::flows, and the origin of the calls.
void find_flows(Ast root, Source& source, Evaluation& evaluation, const CallIndex& calls,
                PythonModule& out, const KeepGoing& keep_going);

// What is known of one value: which outside origins and which parameters of the function it may
// come from, and by which way.
struct Taint {
  std::uint32_t labels = 0;     // bits of origins, then one bit a parameter
  std::uint32_t outside = 0;    // the way from the origin, in Flow::ways
  std::uint32_t parameter = 0;  // the way from the parameter
  bool composed = false;        // put together from parts: a format, a concatenation
  bool escaped = false;         // for HTML
  bool flat = false;            // a last part of a path: no way out of the folder before it
  bool stored = false;          // a path or file of the program's own, with outside content in it

  bool empty() const { return labels == 0; }
  void join(const Taint& o) {
    flat = empty() ? o.flat : o.empty() ? flat : flat && o.flat;
    stored = empty() ? o.stored : o.empty() ? stored : stored && o.stored;
    escaped = empty() ? o.escaped : o.empty() ? escaped : escaped && o.escaped;
    if (outside == 0) outside = o.outside;
    if (parameter == 0) parameter = o.parameter;
    labels |= o.labels;
    composed = composed || (o.composed && o.labels != 0);
  }
};

inline constexpr unsigned origin_bits = 7;
inline constexpr std::uint32_t origin_mask = (1U << origin_bits) - 1;
inline constexpr std::uint32_t bit_of(PyOrigin o) { return 1U << static_cast<unsigned>(o); }
inline constexpr std::size_t max_parameters = 32 - origin_bits;

// A call that a parameter of a function reaches.
struct ReachedCall {
  unsigned parameter = 0;
  std::uint32_t call = 0;
  std::string_view what;
  bool composed = false;
  std::vector<PyStep> steps;  // inside the function
};

struct Summary {
  Taint returns;
  std::vector<ReachedCall> reached;
};

// A statement list that may not be run: what names held before it.
using Journal = std::map<std::string_view, Taint>;

class Flow {
 public:
  Flow(Source& source, Evaluation& evaluation, const CallIndex& calls, PythonModule& out,
       const KeepGoing& keep_going);
  void run(Ast root);

 private:
  // flow.cpp: statements; flow_branches.cpp: those that may not be run
  void unit(std::uint32_t scope, Ast node);
  void statement(Ast n, unsigned depth);
  void statements(Ast block, unsigned depth);
  void branches(Ast n, unsigned depth);
  void if_statement(Ast n, unsigned depth);
  void assign(Ast target, Ast value, const Taint& t, unsigned depth);
  void set(std::string_view name, const Taint& t);
  void begin();
  Journal end();
  void merge(const std::vector<Journal>& ends, bool may_skip);
  void guard(Ast condition, bool truth, std::vector<std::string_view>& clean, unsigned depth);
  Taint lookup(std::string_view name, std::uint32_t scope) const;

  // flow_expressions.cpp; flow_calls.cpp: what calls do
  Taint expression(Ast n, unsigned depth);
  Taint identifier(Ast n);
  Taint attribute(Ast n, unsigned depth);
  Taint call(Ast n, unsigned depth);
  Taint parts(Ast n, unsigned depth);
  struct Given {
    std::string_view name;
    Taint taint;
    Ast node;
  };
  std::vector<Given> arguments(Ast call, unsigned depth);
  Taint result(const PyCall& c, Ast n, const Taint& receiver, const std::vector<Given>& given);
  void fill(Ast call, const Taint& receiver, const std::vector<Given>& given);
  void store(Ast path, const Taint& content);
  void sinks(std::uint32_t index, const Taint& receiver, const std::vector<Given>& given);
  std::string_view sink_class(std::string_view what, const PyCall& c, const Taint& arrived,
                              const Given* argument);
  void arrive(std::uint32_t call, std::string_view what, const Taint& t,
              const std::vector<PyStep>& inner);
  std::int64_t callee(Ast function, std::size_t& shift);
  Taint apply(std::uint32_t scope, std::size_t shift, Ast n, const std::vector<Given>& given);
  Taint from(PyOrigin origin, Ast n);
  void step(Taint& t, Ast n);
  std::vector<PyStep> way(std::uint32_t id) const;
  std::string_view class_attribute(Ast object) const;
  Taint* attribute_of_self(std::string_view name);

  struct Way {
    std::uint32_t before;
    PyStep step;
  };
  Source& source_;
  Evaluation& evaluation_;
  const CallIndex& calls_;
  PythonModule& out_;
  const KeepGoing& keep_going_;
  std::vector<Way> ways_{Way{}};
  std::vector<std::unordered_map<std::string_view, Taint>> names_;       // one a scope
  std::vector<std::unordered_map<std::string_view, Taint>> attributes_;  // of classes: self.X
  std::vector<Summary> summaries_;
  std::map<std::pair<std::uint32_t, unsigned>, PyFlow> flows_;
  std::vector<Journal> journals_;
  std::size_t all_reached_ = 0;
  std::uint32_t scope_ = 0;
  bool dead_ = false;     // the statements that follow are not reached
  bool changed_ = false;  // in this round
  bool stopped_ = false;
  bool web_ = false, models_ = false, sql_ = false, sockets_ = false;  // what the module imports
};

}  // namespace parapet::python
