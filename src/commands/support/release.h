#pragma once
// The `--atlas FILE` option, wherever a command has it.
#include <string>

#include "base/result.h"
#include "knowledge/knowledge.h"

namespace parapet {

struct Release {
  Knowledge knowledge;
  std::string sha256;  // of the file; empty: the built-in release. The version a file declares is
                       // not always its tag's.
};

// The built-in release for an empty path.
Result<Release> open_release(const std::string& path);

}  // namespace parapet
