#pragma once
#include "syntax/python/source.h"

namespace parapet::python {

// A callee or value as a dotted name.
struct Resolved {
  std::string name;  // empty: not a name
  bool rooted = false;
  Ast partial = nullptr;  // functools.partial(NAME, …) that it was named through
};

class Evaluation {
 public:
  explicit Evaluation(Source& source) : source_(source) {}

  PyValue value(Ast node, std::uint32_t scope) {
    work_ = 0;
    return value(node, scope, 0);
  }
  Resolved resolve(Ast node, std::uint32_t scope) {
    work_ = 0;
    return resolve(node, scope, 0);
  }

  // The expression that a name is bound to, once; other nodes as they are.
  Ast behind(Ast node, std::uint32_t scope);
  // What a name means in a scope and those around it; null: nothing.
  Binding* find(std::string_view name, std::uint32_t scope, std::uint32_t& found_in);

  // The class of this module that a name is, or is an instance of; -1: none.
  std::int64_t class_of(Ast name, std::uint32_t scope);

  // Some names were left unresolved since the source asks for more work than any honest one.
  bool gave_up() const { return total_work_ > 4'000'000; }

 private:
  PyValue value(Ast node, std::uint32_t scope, unsigned depth);
  PyValue of_name(Ast node, std::uint32_t scope, unsigned depth);
  PyValue of_attribute(Ast node, std::uint32_t scope, unsigned depth);
  PyValue of_call(Ast node, std::uint32_t scope, unsigned depth);
  PyValue of_string(Ast node, std::uint32_t scope, unsigned depth);
  PyValue of_binary(Ast node, std::uint32_t scope, unsigned depth);
  PyValue unknown(Ast node) const;
  std::string formatted(const PyValue& pattern, Ast call, std::uint32_t scope, unsigned depth,
                        bool& known);
  PyValue argument_value(Ast call, std::size_t index, std::string_view keyword, std::uint32_t scope,
                         unsigned depth);

  Resolved resolve(Ast node, std::uint32_t scope, unsigned depth);
  Resolved resolve_name(Ast node, std::uint32_t scope, unsigned depth);
  bool too_much() { return ++work_ > 2000 || ++total_work_ > 4'000'000; }

  Source& source_;
  unsigned work_ = 0;        // expressions looked at for one question
  unsigned total_work_ = 0;  // and for all of them: hostile chains of calls end here
};

}  // namespace parapet::python
