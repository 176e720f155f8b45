#pragma once
// For what the environment refuses: files, settings, the store, the network.
// Hostile bytes never come here (see cursor.h), and bugs abort (see check()).
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace parapet {

struct Error {
  std::string what;   // what was being done, with its object: "open models/a.gguf"
  std::string cause;  // what refused: "Permission denied"
};

template <class T>
using Result = tl::expected<T, Error>;
using Fail = tl::unexpected<Error>;

}  // namespace parapet

// Unwraps a Result or returns its error: `auto file = TRY(open(path));`
#define TRY(expr)                                                           \
  __extension__({                                                           \
    auto try_result = (expr);                                               \
    if (!try_result) return ::parapet::Fail(std::move(try_result).error()); \
    *std::move(try_result);                                                 \
  })
