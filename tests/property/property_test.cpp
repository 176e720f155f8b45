// What must hold for every fixture that the project has, whatever format it belongs to.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "engine/root_scan.h"
#include "reports/report.h"
#include "support/armoury.h"
#include "support/hexfile.h"

using namespace parapet;
namespace fs = std::filesystem;

namespace {

const std::vector<test::Fixture>& all_fixtures() {
  static const std::vector<test::Fixture> all = test::fixtures(SRC_DIR "/tests/formats");
  return all;
}

RootResult scan_bytes(const std::string& name, const std::string& bytes) {
  ScanRequest request;
  request.limits.unpacked = 64ULL << 20U;
  Root root{name, "", Artifact{name, as_bytes(bytes), nullptr, 0}, {}, 0};
  return scan_root(root, request, test::armoury());
}

// A zip with one stored member.
std::string zipped(const std::string& name, const std::string& bytes) {
  std::string out;
  auto put = [&](std::uint64_t v, int n) {
    for (int i = 0; i < n; ++i)
      out += static_cast<char>(v >> (8U * static_cast<unsigned>(i)) & 0xFFU);
  };
  auto fields = [&] {
    put(20, 2), put(0, 2), put(0, 2), put(0, 2), put(0x5921, 2), put(crc32(bytes), 4);
    put(bytes.size(), 4), put(bytes.size(), 4), put(name.size(), 2), put(0, 2);
  };
  put(0x04034b50, 4), fields(), out += name, out += bytes;
  std::size_t central = out.size();
  put(0x02014b50, 4), put(20, 2), fields(), put(0, 2), put(0, 2), put(0, 2), put(0, 4), put(0, 4),
      out += name;
  std::size_t size = out.size() - central;
  put(0x06054b50, 4), put(0, 4), put(1, 2), put(1, 2), put(size, 4), put(central, 4), put(0, 2);
  return out;
}

std::multiset<std::string> rules_of(const RootResult& r) {
  std::multiset<std::string> out;
  for (const Finding& f : r.findings) out.insert(f.rule + " " + f.message);
  return out;
}

}  // namespace

TEST_CASE("places of findings lie inside their artifact") {
  for (const auto& f : all_fixtures()) {
    RootResult r = scan_bytes(f.name, f.bytes);
    std::map<std::string, std::uint64_t> sizes;
    for (const auto& a : r.artifacts) sizes[a.path] = a.size;
    for (const auto& finding : r.findings) {
      CAPTURE(f.path);
      CAPTURE(finding.rule);
      REQUIRE(sizes.contains(finding.artifact));
      CHECK(finding.place.offset <= sizes[finding.artifact]);
      CHECK(finding.place.length <= sizes[finding.artifact] - finding.place.offset);
    }
  }
}

TEST_CASE("what is found in a file is found in a zip of it") {
  for (const auto& f : all_fixtures()) {
    auto inside = rules_of(scan_bytes("x.zip", zipped(f.name, f.bytes)));
    for (const auto& found : rules_of(scan_bytes(f.name, f.bytes))) {
      CAPTURE(f.path);
      CAPTURE(found);
      CHECK(inside.contains(found));
    }
  }
}

TEST_CASE("one worker and eight give the same bytes") {
  fs::path folder = fs::temp_directory_path() / ("parapet-property-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::size_t i = 0;
  for (const auto& f : all_fixtures()) {
    fs::create_directories(folder / std::to_string(i));
    std::ofstream(folder / std::to_string(i++) / f.name, std::ios::binary) << f.bytes;
  }
  std::string reports[2];
  for (int k = 0; k < 2; ++k) {
    ScanRequest request;
    request.targets = {folder.string()};
    request.jobs = k == 0 ? 1 : 8;
    Progress progress;
    auto scan = run_scan(request, test::armoury(), progress);
    REQUIRE(scan.has_value());
    for (const Report* r : all_reports())
      if (r->name == "json") reports[k] = r->write(*scan, {});
  }
  CHECK(reports[0].size() > 1000);
  CHECK(reports[0] == reports[1]);
  fs::remove_all(folder);
}
