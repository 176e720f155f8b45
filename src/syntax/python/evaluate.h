#pragma once
#include "syntax/python/source.h"

namespace parapet::python {

// A callee or value as a dotted name.
struct Resolved {
  std::string name;  // empty: not a name
  bool rooted = false;
  TSNode partial{};  // functools.partial(NAME, …) that it was named through
};

class Evaluation {
 public:
  explicit Evaluation(Source& source) : source_(source) {}

  PyValue value(TSNode node, std::uint32_t scope) {
    work_ = 0;
    return value(node, scope, 0);
  }
  Resolved resolve(TSNode node, std::uint32_t scope) {
    work_ = 0;
    return resolve(node, scope, 0);
  }

  // The expression that a name is bound to, once; other nodes as they are.
  TSNode behind(TSNode node, std::uint32_t scope);
  // What a name means in a scope and those around it; null: nothing.
  Binding* find(std::string_view name, std::uint32_t scope, std::uint32_t& found_in);

  // The class of this module that a name is, or is an instance of; -1: none.
  std::int64_t class_of(TSNode name, std::uint32_t scope);

  // Some names were left unresolved since the source asks for more work than any honest one.
  bool gave_up() const { return total_work_ > 4'000'000; }

 private:
  PyValue value(TSNode node, std::uint32_t scope, unsigned depth);
  PyValue of_name(TSNode node, std::uint32_t scope, unsigned depth);
  PyValue of_attribute(TSNode node, std::uint32_t scope, unsigned depth);
  PyValue of_call(TSNode node, std::uint32_t scope, unsigned depth);
  PyValue of_string(TSNode node, std::uint32_t scope, unsigned depth);
  PyValue of_binary(TSNode node, std::uint32_t scope, unsigned depth);
  PyValue unknown(TSNode node) const;
  std::string formatted(const PyValue& pattern, TSNode call, std::uint32_t scope, unsigned depth,
                        bool& known);
  PyValue argument_value(TSNode call, std::size_t index, std::string_view keyword,
                         std::uint32_t scope, unsigned depth);

  Resolved resolve(TSNode node, std::uint32_t scope, unsigned depth);
  Resolved resolve_name(TSNode node, std::uint32_t scope, unsigned depth);
  bool too_much() { return ++work_ > 2000 || ++total_work_ > 4'000'000; }

  Source& source_;
  unsigned work_ = 0;        // expressions looked at for one question
  unsigned total_work_ = 0;  // and for all of them: hostile chains of calls end here
};

}  // namespace parapet::python
