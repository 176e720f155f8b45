// Every published bypass of a pickle scanner, and our own variants, gives a finding at high or
// above through the whole walk, whatever the file is called and wherever it lies.
#include <doctest/doctest.h>

#include "engine/root_scan.h"
#include "support/armoury.h"
#include "support/hexfile.h"

using namespace parapet;

namespace {

Severity worst(const std::string& name, const std::string& bytes) {
  ScanRequest request;
  Root root{name, "", Artifact{name, as_bytes(bytes), nullptr, 0}, {}, 0};
  Severity out = Severity::info;
  for (const Finding& f : scan_root(root, request, test::armoury()).findings)
    out = std::max(out, f.severity);
  return out;
}

}  // namespace

TEST_CASE("every bypass in tests/formats/pickle/bypass is found") {
  auto all = test::fixtures(SRC_DIR "/tests/formats/pickle/bypass");
  CHECK(all.size() > 150);
  for (const auto& f : all)
    for (std::string name :
         {"model.pkl", "model.pt", "weights.dat", "tests/docs/examples/model.bin"})
      CHECK_MESSAGE(worst(name, f.bytes) >= Severity::high, f.path, " as ", name);
}
