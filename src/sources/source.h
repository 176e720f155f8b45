#pragma once
// A source yields root artifacts.
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/artifact.h"

namespace parapet {

// One root artifact before it is opened: opening happens in the worker that scans it.
struct Root {
  std::string name;     // relative to the target, '/' separated; what the report shows
  std::string path;     // for the operating system; empty when `bytes` holds the content
  Artifact bytes;       // standard input
  std::string problem;  // why it cannot be scanned (a link out of the target, a device); else empty
  std::size_t inner =
      0;  // where in `name` the part inside the target begins: roles look only there
};

struct SourceOptions {
  bool obey_gitignore = false;
};

struct Source {
  std::string_view name;
  std::string_view title;
  bool (*accepts)(const std::string& target);
  // Calls `yield` for each root, in a fixed order. An error means that the target as a whole could
  // not be read; a single unreadable member is a Root with a problem.
  Result<int> (*walk)(const std::string& target, const SourceOptions&,
                      const std::function<void(Root&&)>& yield);
};

std::span<const Source* const> all_sources();

}  // namespace parapet
