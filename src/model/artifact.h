#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/text.h"

namespace parapet {

// Something to scan: bytes with a name that says where they came from, as
// "models/a.zip!/archive/data.pkl". Names are relative to the target and use '/'.
struct Artifact {
  std::string name;
  Bytes bytes;
  std::shared_ptr<const void> owner = {};  // the mapping or the inflated buffer behind `bytes`
  unsigned depth = 0;                      // 0: a root artifact; +1 per container around it
  mutable std::optional<bool> text = {};   // of is_text(), once it was asked for

  // looks_like_text() of the bytes, found out once: many formats ask.
  bool is_text() const {
    if (!text) text = looks_like_text(bytes);
    return *text;
  }
};

}  // namespace parapet
