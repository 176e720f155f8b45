#pragma once
#include <memory>
#include <string>

#include "base/bytes.h"

namespace parapet {

// Something to scan: bytes with a name that says where they came from, as
// "models/a.zip!/archive/data.pkl". Names are relative to the target and use '/'.
struct Artifact {
  std::string name;
  Bytes bytes;
  std::shared_ptr<const void> owner = {};  // the mapping or the inflated buffer behind `bytes`
  unsigned depth = 0;                      // 0: a root artifact; +1 per container around it
};

}  // namespace parapet
