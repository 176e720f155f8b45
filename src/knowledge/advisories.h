#pragma once
// The advisories that come with the program: knowledge/advisories/*.yaml. And those of a file in
// the OSV schema.
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/advisory.h"

namespace parapet {

// The error names file and line.
Result<std::vector<PackageAdvisories>> load_advisories();

// One advisory of an OSV export (https://ossf.github.io/osv-schema/), once per package that it
// affects in PyPI or npm. Empty: it affects neither, or was withdrawn. The error says what is
// broken.
Result<std::vector<PackageAdvisories>> read_osv(std::string_view json);

// CVSS 3.x base score of a vector, 0 to 10; below 0: it is not one.
// https://www.first.org/cvss/v3.1/specification-document section 7
double cvss3_score(std::string_view vector);

}  // namespace parapet
