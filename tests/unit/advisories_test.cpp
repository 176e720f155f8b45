// Advisories: which versions they affect, what a range of versions may choose, and how OSV is read.
#include "match/advisories.h"

#include <doctest/doctest.h>

#include <string>

#include "knowledge/advisories.h"

using namespace parapet;

namespace {

Advisory range(std::string id, std::string from, std::string below, std::string through = "") {
  Advisory a;
  a.id = std::move(id);
  a.ranges.push_back({std::move(from), std::move(below), std::move(through)});
  return a;
}

Admitted admitted(const Advisory& a, std::string_view specifier) {
  auto s = parse_specifier(as_specifier(specifier));
  REQUIRE_MESSAGE(s, specifier);
  return admitted_affected(a, *s);
}

PackageAdvisories only(std::string_view json) {
  auto read = read_osv(json);
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  return read->front();
}

}  // namespace

TEST_CASE("an advisory affects what lies in its ranges") {
  Advisory a = range("x", "1.0", "2.0");
  a.ranges.push_back({"3.0", "", "3.4"});
  a.versions = {"5.0"};
  for (std::string_view v : {"1.0", "1.9.9", "2.0rc1", "3.0", "3.4", "3.4.0", "5"})
    CHECK_MESSAGE(affects(a, v), v);
  for (std::string_view v : {"0.9", "1.0rc1", "2.0", "2.5", "3.4.1", "5.0.1"})
    CHECK_FALSE_MESSAGE(affects(a, v), v);
}

TEST_CASE("a specifier admits affected versions always, perhaps or never") {
  Advisory a = range("x", "", "2.6.0");
  for (std::string_view s : {"<2.0", "~=1.4", "==2.5.*", "<=2.5.1", "^1.2", ">=1,<2", "=2.5"})
    CHECK_MESSAGE(admitted(a, s) == Admitted::all, s);
  for (std::string_view s : {">=1.0", ">=2.0,<3", "^2.0", "!=2.5", "<2.7", "*"})
    CHECK_MESSAGE(admitted(a, s) == Admitted::some, s);
  for (std::string_view s : {">=2.6", "~=2.7.1", "^2.6", "==2.7.*", ">3"})
    CHECK_MESSAGE(admitted(a, s) == Admitted::none, s);
  CHECK(admitted(range("y", "1.0.0", ""), ">=1.0") == Admitted::all);  // no fix
}

TEST_CASE("ranges of npm, poetry and conda become specifiers") {
  CHECK(as_specifier("^1.2.3") == ">=1.2.3,<2");
  CHECK(as_specifier("^0.2.3") == ">=0.2.3,<0.3");
  CHECK(as_specifier("^0.0.3") == ">=0.0.3,<0.0.4");
  CHECK(as_specifier("~1.2") == ">=1.2,<1.3");
  CHECK(as_specifier("~1") == ">=1,<2");
  CHECK(as_specifier("~=1.4") == "~=1.4");
  CHECK(as_specifier("=1.26") == "==1.26.*");
  CHECK(as_specifier("1.x") == "==1.*");
  CHECK(as_specifier("1.2.3") == "==1.2.3");
  CHECK(as_specifier("*").empty());
  CHECK(as_specifier(">=1.0,<2") == ">=1.0,<2");
  CHECK(as_specifier("what") == "what");
}

TEST_CASE("the lowest fixed version clears all advisories at once") {
  std::vector<Advisory> known{range("a", "", "2.0"), range("b", "1.5", "2.2"),
                              range("c", "2.1", "2.4")};
  CHECK(lowest_fixed(known, "1.0") == "2.4");
  CHECK(lowest_fixed(known, "2.4").empty());
  known.push_back(range("d", "", "", "3.1"));
  CHECK(lowest_fixed(known, "1.0") == "later than 3.1");
  known.push_back(range("e", "3.1.0.0.0", "3.2"));
  CHECK(lowest_fixed(known, "1.0") == "3.2");
  Advisory single;
  single.id = "s";
  single.versions = {"3.2"};
  known.push_back(single);
  CHECK(lowest_fixed(known, "1.0") == "later than 3.2");
  known.push_back(range("f", "0.1", ""));
  CHECK(lowest_fixed(known, "1.0").empty());
}

TEST_CASE("OSV entries are read as the schema has them") {
  auto p = only(R"({"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2024-1"], "affected": [{
    "package": {"ecosystem": "PyPI", "name": "My_Package"},
    "ranges": [{"type": "GIT", "repo": "x", "events": [{"introduced": "0"}, {"fixed": "abc"}]},
      {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"},
      {"last_affected": "2.3"}]}], "versions": ["1.0"]}],
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]})");
  CHECK(p.package == "my-package");
  const Advisory& a = p.advisories.at(0);
  CHECK(a.id == "CVE-2024-1");
  CHECK(a.severity == Severity::critical);
  CHECK(a.versions.empty());
  REQUIRE(a.ranges.size() == 2);
  CHECK(affects(a, "1.1"));
  CHECK_FALSE(affects(a, "1.2"));
  CHECK(affects(a, "2.3"));
  CHECK_FALSE(affects(a, "2.4"));
  auto malicious = only(R"({"id": "MAL-2024-7", "affected": [{"package":
    {"ecosystem": "PyPI", "name": "evil"}, "versions": ["0.1", "0.2"]}]})");
  CHECK(malicious.advisories.at(0).malicious);
  CHECK(affects(malicious.advisories.at(0), "0.2"));
  CHECK(read_osv(R"({"id": "X", "withdrawn": "2024-01-01T00:00:00Z", "affected": [{"package":
    {"ecosystem": "PyPI", "name": "a"}, "versions": ["1"]}]})")
            ->empty());
  CHECK(read_osv(R"({"id": "X", "affected": [{"package": {"ecosystem": "Go", "name": "a"},
    "versions": ["1"]}]})")
            ->empty());
  for (std::string_view broken : {"", "{", "[]", "{\"affected\": []}"})
    CHECK_FALSE(read_osv(broken));
}

TEST_CASE("CVSS 3 base scores are the specification's") {
  struct Row {
    std::string_view vector;
    double score;
  };
  for (const Row& r : {Row{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
                       {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0},
                       {"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
                       {"CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8},
                       {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", 5.9},
                       {"CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 2.4},
                       {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0}}) {
    CAPTURE(r.vector);
    CHECK(cvss3_score(r.vector) == doctest::Approx(r.score));
  }
  CHECK(cvss3_score("CVSS:4.0/AV:N") < 0);
  CHECK(cvss3_score("CVSS:3.1/AV:X") < 0);
  CHECK(cvss3_score("") < 0);
}

TEST_CASE("the advisories that come with the program can be read, and none is there twice") {
  auto all = load_advisories();
  REQUIRE_MESSAGE(all, all.error().what, all.error().cause);
  Advisories index;
  std::size_t listed = 0;
  for (auto& p : *all) {
    listed += p.advisories.size();
    index.add(p);
  }
  CHECK(listed > 150);
  CHECK(index.advisories() == listed);
  CHECK(index.product_of_image("nvcr.io/nvidia/tritonserver") == "tritonserver");
  CHECK(index.product_of_image("ghcr.io/mlflow/mlflow") == "mlflow");
  CHECK(index.product_of_image("python").empty());
}
