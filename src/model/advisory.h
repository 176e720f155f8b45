#pragma once
// A published weakness of some versions of a package, as OSV has it
// (https://ossf.github.io/osv-schema/): a range is introduced <= version < fixed, or
// introduced <= version <= last_affected.
#include <string>
#include <vector>

#include "model/finding.h"

namespace parapet {

struct Advisory {
  std::string id;                    // the CVE where there is one
  std::vector<std::string> aliases;  // other names of the same
  struct Range {
    std::string introduced, fixed, last_affected;  // empty: from the beginning, without end
  };
  std::vector<Range> ranges;
  std::vector<std::string> versions;  // affected ones, where ranges do not say it
  Severity severity = Severity::medium;
  bool malicious = false;  // the release itself is an attack
  std::string source;      // "osv", or "built in, 2026-11-27"
};

struct PackageAdvisories {
  std::string ecosystem;            // "PyPI", "npm", "image"
  std::string package;              // PyPI names as PEP 503 normalises them
  std::vector<std::string> images;  // globs over image names that carry this product's versions
  std::vector<Advisory> advisories;
};

}  // namespace parapet
