#pragma once
// The program's own rules and knowledge, for tests that run whole scans.
#include <cstdio>
#include <cstdlib>

#include "commands/support/armoury.h"

namespace parapet::test {

inline Armoury armoury() {
  static const commands::OwnedArmoury owned = [] {
    auto made = commands::make_armoury({});
    if (!made) {
      std::fprintf(stderr, "%s: %s\n", made.error().what.c_str(), made.error().cause.c_str());
      std::abort();
    }
    return std::move(*made);
  }();
  return owned.view();
}

}  // namespace parapet::test
