#pragma once
// Names and texts in Python code objects that were written with `marshal`. Enough of the format is
// read to list what the code uses; nothing is run.
// Layout: CPython's Python/marshal.c, of 2.7 and of every 3.x.
#include <string>
#include <vector>

#include "base/bytes.h"
#include "model/budget.h"

namespace parapet::keras {

struct MarshalledCode {
  std::vector<std::string> names;  // globals, attributes and modules that the code uses
  std::vector<std::string> texts;  // its constants
  bool whole = false;              // read to the end without a surprise
};

MarshalledCode read_marshalled_code(Bytes bytes, Budget& budget);

}  // namespace parapet::keras
