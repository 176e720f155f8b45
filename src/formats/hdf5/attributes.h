#pragma once
// Attributes of an object: in its header, or in a fractal heap when they are many or large.
#include <functional>
#include <string>

#include "formats/hdf5/types.h"

namespace parapet::hdf5 {

struct Attribute {
  std::string name;
  Datatype type;
  Dataspace space;
  Cursor data{Bytes{}};
};

void read_attributes(File& file, const std::vector<Message>& header,
                     const std::function<void(const Attribute&)>& found);

}  // namespace parapet::hdf5
