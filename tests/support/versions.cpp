// Answers lines of standard input for tests/cli/version_differential.sh: "1.0 2.0" gives their
// order, ">=1.0 2.0" whether the specifier lets the version through.
#include <iostream>
#include <string>

#include "base/version.h"

int main() {
  using namespace parapet;
  for (std::string left, right; std::cin >> left >> right;) {
    auto b = parse_version(right);
    auto a = parse_version(left);
    auto specifier = parse_specifier(left);
    if (!b || (!a && !specifier))
      std::cout << "?\n";
    else if (a)
      std::cout << (compare(*a, *b) < 0 ? -1 : compare(*a, *b) > 0 ? 1 : 0) << '\n';
    else
      std::cout << (admits(*specifier, *b) ? "yes\n" : "no\n");
  }
}
