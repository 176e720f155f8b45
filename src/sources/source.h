#pragma once
// A source yields root artifacts.
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  // Makes the bytes instead of reading `path`, in the worker that scans them; nothing when the same
  // bytes are scanned under another name. Null: there is a `path`, or `bytes`.
  std::function<Result<std::optional<Artifact>>()> open = {};
  std::vector<std::string> origin = {};  // Finding::origin of all that is found in it
  // A former state: what its text says of configuration and code no longer holds, credentials in
  // it do.
  bool past = false;
  // Equal for equal content under an equal name, whenever it is scanned; empty: nothing is known of
  // it before it is read.
  std::string content_id = {};
  bool listed = true;  // false: the report lists it only when something is to be said of it
  // Not an artifact: what the reader must know of the target. All else is empty then.
  std::string note = {};
};

struct SourceOptions {
  bool obey_gitignore = false;
  bool history = false;      // of git repositories
  bool content_ids = false;  // give Root::content_id where it is known: it costs a digest a root
};

struct Source {
  std::string_view name;
  std::string_view title;
  // Every source that accepts a target is walked.
  bool (*accepts)(const std::string& target, const SourceOptions&);
  // Calls `yield` for each root, in a fixed order. An error means that the target as a whole could
  // not be read; a single unreadable member is a Root with a problem.
  Result<int> (*walk)(const std::string& target, const SourceOptions&,
                      const std::function<void(Root&&)>& yield);
};

std::span<const Source* const> all_sources();

}  // namespace parapet
