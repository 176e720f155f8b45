#pragma once
// What the abstract machine keeps of a Python object: one word. Strings are offsets into the input,
// plain scalars carry next to nothing, containers and call results point into bounded rings.
#include <cstdint>

namespace parapet::pickle {

enum class Kind : std::uint8_t {
  absent,      // a memo slot never stored into
  unknown,     // payload: none
  constant,    // 0 None, 1 False, 2 True
  integer,     // 60 bits, two's complement
  number,      // offset of the opcode that wrote it: floats, long integers
  text,        // offset of the opcode that wrote it
  bytes,       // offset of the opcode that wrote it
  computed,    // index of a text worked out from a call
  global,      // index of an imported name
  tuple,       // node
  list,        // node
  dict,        // node: keys and values in turn
  set,         // node
  object,      // node << 24 | index of the imported name that made it
  persistent,  // node: one element, the id
  buffer,      // an out-of-band buffer
};

struct Value {
  std::uint64_t word = 0;

  static constexpr Value of(Kind kind, std::uint64_t payload = 0) {
    return {payload << 4U | static_cast<std::uint64_t>(kind)};
  }
  static constexpr Value integer(std::int64_t n) {
    return of(Kind::integer, static_cast<std::uint64_t>(n));
  }
  constexpr Kind kind() const { return static_cast<Kind>(word & 15U); }
  constexpr std::uint64_t payload() const { return word >> 4U; }
  constexpr std::int64_t number() const { return static_cast<std::int64_t>(word) >> 4U; }
  constexpr bool is(Kind k) const { return kind() == k; }
};

inline constexpr Value py_none = Value::of(Kind::constant, 0);
inline constexpr Value anything = Value::of(Kind::unknown);
inline constexpr std::uint32_t no_global = 0xFFFFFF;

constexpr bool has_node(Kind k) {
  return k == Kind::tuple || k == Kind::list || k == Kind::dict || k == Kind::set ||
         k == Kind::object || k == Kind::persistent;
}

}  // namespace parapet::pickle
