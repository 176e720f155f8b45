// Reads every fixture of a dialect with the formats that recognise it, then with all dialects, and
// compares the facts with FIXTURE.golden beside it.
//   dialect_test DIR          UPDATE=1 rewrites the golden files
// The artifact is named by its path below DIR, so that a fixture can lie in .github/workflows.
#include "dialects/dialect.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "formats/format.h"
#include "support/describe.h"
#include "support/hexfile.h"

namespace parapet {
namespace {

std::string describe(const std::string& name, const std::string& bytes) {
  std::ostringstream out;
  Limits limits;
  limits.seconds = 0;
  Budget budget(limits, bytes.size());
  Sink sink(budget, [](Artifact&&) {});
  Artifact artifact{name, as_bytes(bytes)};
  for (const Format* f : all_formats()) {
    if (!f->recognises(artifact)) continue;
    out << "format " << f->name << '\n';
    f->parse(artifact, sink);
  }
  // A copy: a dialect may not add documents, but the span must stay whatever happens.
  std::vector<Document> documents = sink.documents();
  for (const Dialect* d : all_dialects())
    if (d->read != nullptr) d->read(artifact, documents, sink);
  for (const Dialect* d : all_dialects())
    if (d->understand != nullptr) d->understand(artifact, sink);
  for (const auto& k : sink.kinds()) out << "is " << k << '\n';
  test::print_facts(out, sink);
  for (const auto& why : sink.why_partly()) out << "partly: " << why << '\n';
  for (const Fact& f : sink.facts())
    if (f.place.offset > bytes.size() || f.place.length > bytes.size() - f.place.offset ||
        f.of >= static_cast<std::int32_t>(sink.facts().size()))
      std::printf("%s: a %s fact lies outside: %lu+%lu of %lu\n", name.c_str(), f.kind.c_str(),
                  static_cast<unsigned long>(f.place.offset),
                  static_cast<unsigned long>(f.place.length),
                  static_cast<unsigned long>(bytes.size())),
          std::exit(1);
  return out.str();
}

// Truncated trees are the commonest hostile ones; then bytes changed, dropped and repeated, the
// same way in every run.
void hurt(const std::string& name, const std::string& bytes) {
  for (std::size_t n = 0; n < bytes.size(); n += bytes.size() / 150 + 1)
    describe(name, bytes.substr(0, n));
  std::uint64_t state = 88172645463325252ULL + bytes.size();
  auto random = [&](std::size_t below) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return static_cast<std::size_t>(state % (below == 0 ? 1 : below));
  };
  constexpr std::string_view marks = "{}[]()<>:=,;@#$%&*!|'\"\\/-. \n\t\f\v0a~^\xc3\x80";
  const char* more = std::getenv("MUTATIONS");
  long rounds = more != nullptr ? std::strtol(more, nullptr, 10) : 60;
  for (long round = 0; round < rounds; ++round) {
    std::string s = bytes;
    for (std::size_t changes = 1 + random(6); changes > 0 && !s.empty(); --changes) {
      std::size_t at = random(s.size());
      switch (random(4)) {
        case 0:
          s[at] = marks[random(marks.size())];
          break;
        case 1:
          s.erase(at, 1 + random(8));
          break;
        case 2:
          s.insert(at, s.substr(random(s.size()), 1 + random(40)));
          break;
        default:
          s.insert(at, 1, marks[random(marks.size())]);
      }
    }
    describe(name, s);
  }
}

}  // namespace
}  // namespace parapet

int main(int argc, char** argv) {
  using namespace parapet;
  if (argc != 2) return 2;
  int failed = 0;
  int seen = 0;
  for (const auto& fixture : test::fixtures(argv[1])) {
    ++seen;
    std::string name =
        std::filesystem::path(fixture.path).lexically_relative(argv[1]).parent_path() /
        fixture.name;
    hurt(name, fixture.bytes);
    std::string got = describe(name, fixture.bytes);
    std::string golden = fixture.path + ".golden";
    if (std::getenv("UPDATE") != nullptr) std::ofstream(golden) << got;
    std::ifstream in(golden);
    std::string want{std::istreambuf_iterator<char>(in), {}};
    if (want == got) continue;
    ++failed;
    std::cout << "FAIL " << fixture.path << "\n--- want\n" << want << "--- got\n" << got;
  }
  std::cout << argv[1] << ": " << seen - failed << " passed, " << failed << " failed\n";
  return failed != 0 || seen == 0;
}
