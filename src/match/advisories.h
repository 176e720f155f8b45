#pragma once
// Compares dependencies and images with published advisories.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/version.h"
#include "model/advisory.h"
#include "model/sink.h"

namespace parapet {

class Advisories {
 public:
  // Of two advisories of a package that share an id or alias the one added first stays.
  void add(PackageAdvisories);
  // Null when nothing is known of the package.
  const std::vector<Advisory>* of(std::string_view ecosystem, std::string_view package) const;
  // The product whose versions an image of this name carries; empty: none.
  std::string_view product_of_image(std::string_view image) const;
  std::size_t packages() const { return packages_.size(); }
  std::size_t advisories() const { return count_; }

 private:
  std::map<std::string, std::vector<Advisory>, std::less<>> packages_;  // "PyPI/mlflow"
  std::vector<std::pair<std::string, std::string>> images_;             // glob, product
  std::size_t count_ = 0;
};

bool affects(const Advisory&, std::string_view version);

// What a specifier that settles on no version may choose, of the versions that advisories tell
// apart.
enum class Admitted : std::uint8_t { none, some, all };
Admitted admitted_affected(const Advisory&, const VersionSpecifier&);

// The lowest version above `version` that none of the advisories affects: "2.9.2", "later than
// 3.10.1" where only the last affected one is known; empty when there is none.
std::string lowest_fixed(const std::vector<Advisory>&, std::string_view version);

// Puts `vulnerability` facts: one per `dependency` or `image` fact with known advisories.
void add_vulnerability_facts(const Advisories&, Sink&);

}  // namespace parapet
