#pragma once
// Datatype and dataspace messages: what one element is, and how many there are.
#include <optional>
#include <string>
#include <vector>

#include "formats/hdf5/header.h"

namespace parapet::hdf5 {

struct Datatype {
  enum class Class : std::uint8_t {
    integer,
    real,
    time,
    text,
    bits,
    opaque,
    compound,
    reference,
    enumeration,
    variable,
    array,
    other
  };
  Class kind = Class::other;
  std::uint32_t size = 0;  // bytes of one element
  std::string name;        // "float32", "string[12]", "variable string", "compound{a: int8}"
  bool is_signed = false;
  bool text = false;                   // variable: of characters, not of elements
  bool elements_are_variable = false;  // it, or a part of it, lies in the global heap
  std::uint32_t base_size = 0;         // array and variable: bytes of one inner element

  // Plain bytes one after another, in which a file of its own may stand.
  bool is_bytes() const {
    return kind == Class::text || kind == Class::opaque ||
           (size == 1 && (kind == Class::integer || kind == Class::bits)) ||
           (kind == Class::array && base_size == 1);
  }
};

Datatype read_datatype(File& file, Cursor& c, unsigned depth = 0);

struct Dataspace {
  std::vector<std::uint64_t> dimensions;
  bool null = false;
  // Of all elements; nothing when the product overflows.
  std::optional<std::uint64_t> count() const;
  std::string text() const;  // "2,3"
};

Dataspace read_dataspace(File& file, Cursor& c);

}  // namespace parapet::hdf5
