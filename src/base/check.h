#pragma once
// check(condition): an invariant of our own code, on in every build. Never reachable from input;
// fuzzing is the judge of that.
#include <cstdio>
#include <cstdlib>

// NOLINTNEXTLINE(readability-identifier-naming): reads like the assertion it is
#define check(condition)                                                                      \
  ((condition) ? void(0)                                                                      \
               : (std::fprintf(stderr, "parapet: broken invariant %s at %s:%d\n", #condition, \
                               __FILE__, __LINE__),                                           \
                  std::abort()))
