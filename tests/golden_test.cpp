// Parses every fixture of one format and compares the facts with FIXTURE.golden beside it.
//   golden_test FORMAT DIR          UPDATE=1 rewrites the golden files
// A fixture is a *.hex file (assembled, see support/hexfile.h) or any other file (taken as is). Its
// artifact is named like the file, without ".hex". Children are listed, not parsed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/text.h"
#include "formats/format.h"
#include "io/unpack_worker.h"
#include "support/describe.h"
#include "support/hexfile.h"

namespace parapet {
namespace {

std::string describe(const Format& format, const std::string& name, const std::string& data) {
  std::ostringstream out;
  Limits limits;
  limits.seconds = 0;
  Budget budget(limits, data.size());
  std::ostringstream children;
  Sink sink(budget, [&](Artifact&& child) {
    children << "child " << printable(child.name) << ' ' << child.bytes.size()
             << " bytes: " << printable(as_text(child.bytes), 60) << '\n';
  });
  Artifact artifact{name, as_bytes(data)};
  out << "recognised: " << (format.recognises(artifact) ? "yes" : "no") << '\n';
  format.parse(artifact, sink);
  for (const auto& k : sink.kinds()) out << "is " << k << '\n';
  test::print_facts(out, sink);
  for (const auto& d : sink.documents()) {
    out << "document " << d.syntax << '\n';
    test::print_tree(out, d.root, "");
  }
  out << children.str();
  for (const auto& why : sink.why_partly()) out << "partly: " << why << '\n';
  if (budget.spent() != nullptr) out << "limit: " << budget.spent() << '\n';
  return out.str();
}

}  // namespace
}  // namespace parapet

int main(int argc, char** argv) {
  using namespace parapet;
  if (argc == 2 && std::string_view(argv[1]) == "--unpack-worker") return unpack_worker_main();
  if (argc != 3) return 2;
  const Format* format = nullptr;
  for (const Format* f : all_formats())
    if (f->name == argv[1]) format = f;
  if (format == nullptr) return std::fprintf(stderr, "no format %s\n", argv[1]), 2;
  int failed = 0;
  int seen = 0;
  for (const auto& fixture : test::fixtures(argv[2])) {
    ++seen;
    std::string got = describe(*format, fixture.name, fixture.bytes);
    std::string golden = fixture.path + ".golden";
    if (std::getenv("UPDATE") != nullptr) std::ofstream(golden) << got;
    std::ifstream in(golden);
    std::string want{std::istreambuf_iterator<char>(in), {}};
    if (want != got) {
      ++failed;
      std::cout << "FAIL " << fixture.path << "\n--- want\n" << want << "--- got\n" << got;
    }
  }
  std::cout << argv[1] << ": " << seen - failed << " passed, " << failed << " failed\n";
  return failed != 0 || seen == 0;
}
