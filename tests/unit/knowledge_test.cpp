#include "knowledge/knowledge.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "commands/atlas/pages.h"
#include "knowledge/atlas_file.h"
#include "knowledge/coverage.h"
#include "rules/rule.h"

using namespace parapet;

namespace {

const Knowledge& built_in() {
  static const Knowledge k = [] {
    auto loaded = load_knowledge();
    if (!loaded) FAIL(loaded.error().what, ": ", loaded.error().cause);
    return *loaded;
  }();
  return k;
}

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The official release lies beside the tree in some set-ups only.
std::string official() {
  std::string text = file(SRC_DIR "/../shared/atlas/ATLAS.yaml");
  if (text.empty()) text = file(SRC_DIR "/../../shared/atlas/ATLAS.yaml");
  if (text.empty()) MESSAGE("skipped: ../shared/atlas/ATLAS.yaml is not there");
  return text;
}

Knowledge defective() {
  auto k = load_atlas_file(file(SRC_DIR "/tests/knowledge/defects.yaml"));
  if (!k) FAIL(k.error().cause);
  return *k;
}

using Ids = std::vector<std::string>;

bool has(const Ids& items, std::string_view x) {
  return std::ranges::find(items, x) != items.end();
}

}  // namespace

TEST_CASE("built-in knowledge holds together") {
  const Knowledge& k = built_in();
  CHECK(k.version == "5.6.0");
  CHECK(k.tactics.size() == 16);
  CHECK(k.techniques.size() == 170);
  CHECK(k.mitigations.size() == 35);
  CHECK(k.case_studies.size() == 57);
  CHECK(k.categories.size() == 10);
  CHECK(k.phases.size() == 3);
  CHECK(k.stages.size() == 10);
  CHECK(k.attackers.size() == 9);
  CHECK(k.families.size() == 16);
  CHECK(k.notes.empty());
  for (const auto& p : problems(k)) CHECK_MESSAGE(false, p);
  std::size_t steps = 0;
  std::size_t uses = 0;
  for (const auto& c : k.case_studies) steps += c.steps.size();
  for (const auto& m : k.mitigations) uses += m.techniques.size();
  CHECK(steps == 449);
  CHECK(uses == 246);  // 244 distinct pairs and the two that the official file misplaces
  // Families and mitigations name each other the same way.
  for (const auto& m : k.mitigations) CHECK_MESSAGE(!m.family.empty(), m.id);
  for (const auto& t : k.techniques) {
    CHECK_MESSAGE(t.ours.category != "unclassified", t.id);
    for (const auto& id : t.mitigations)
      CHECK_MESSAGE(has(t.ours.families, k.mitigation(id)->family), t.id, " ", id);
  }
}

TEST_CASE("rules name techniques and mitigations that exist") {
  const Knowledge& k = built_in();
  RuleSet rules;
  REQUIRE(rules.add_embedded());
  for (const Rule& r : rules.rules()) {
    for (const auto& t : r.card.techniques)
      CHECK_MESSAGE(k.technique(t) != nullptr, r.card.id, ": ", t);
    for (const auto& m : r.card.mitigations)
      CHECK_MESSAGE((!m.starts_with("AML.") || k.mitigation(m) != nullptr), r.card.id, ": ", m);
    for (const auto& p : r.card.phases) CHECK_MESSAGE(k.phase(p) != nullptr, r.card.id, ": ", p);
    CHECK_MESSAGE(k.category(r.card.category) != nullptr, r.card.id);
  }
}

TEST_CASE("every ATLAS object has a line of ours, and it is short") {
  const Knowledge& k = built_in();
  auto fine = [](const std::string& id, const std::string& line) {
    CHECK_MESSAGE((!line.empty() && line.size() <= 140), id, ": ", line);
  };
  for (const auto& t : k.tactics) fine(t.id, t.line);
  for (const auto& t : k.techniques) fine(t.id, t.line);
  for (const auto& m : k.mitigations) fine(m.id, m.line);
  for (const auto& c : k.case_studies) fine(c.id, c.line);
}

TEST_CASE("relations run both ways") {
  const Knowledge& k = built_in();
  const Technique* t = k.technique("AML.T0010.003");
  REQUIRE(t != nullptr);
  CHECK(t->display == "AI Supply Chain Compromise: Model");
  CHECK(t->tactics == Ids{"AML.TA0004"});
  CHECK(has(t->mitigations, "AML.M0013"));
  CHECK(has(k.technique("AML.T0010")->children, "AML.T0010.003"));
  CHECK(k.technique("AML.T0052.001")->mitigations == Ids{"AML.M0018", "AML.M0034"});
  const auto& steps = k.technique("AML.T0055")->steps;
  CHECK(std::ranges::any_of(steps, [](const StudyStep& s) { return s.study == "AML.CS0023"; }));
  CHECK(k.mitigation("AML.M0013")->phases == Ids{"operations"});
  CHECK(t->ours.phases == Ids{"development-evaluation", "operations"});
}

TEST_CASE("attackers reach what their knowledge and position allow") {
  const Knowledge& k = built_in();
  auto count = [&](std::string_view id) {
    auto a = std::ranges::find(k.attackers, id, &Attacker::id);
    REQUIRE(a != k.attackers.end());
    return std::ranges::count_if(k.techniques,
                                 [&](const Technique& t) { return k.within_reach(*a, t); });
  };
  CHECK(count("outsider") > 20);
  CHECK(count("malicious-insider") > count("host-code"));
  CHECK(count("host-code") > count("account-thief"));
  CHECK(count("account-thief") > count("api-consumer"));
}

TEST_CASE("the load is quick") {
  auto start = std::chrono::steady_clock::now();
  constexpr int rounds = 10;
  for (int i = 0; i < rounds; ++i) REQUIRE(load_knowledge());
  auto each =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() /
      rounds;
  MESSAGE("load_knowledge: ", each, " ms");
  CHECK(each < 200);  // generous: sanitizer builds run this too
}

TEST_CASE("a release with every defect is repaired, and it is said") {
  Knowledge k = defective();
  auto noted = [&](std::string_view part) {
    CHECK_MESSAGE(
        std::ranges::any_of(k.notes, [&](const std::string& n) { return contains(n, part); }),
        "no note: ", part);
  };
  CHECK(k.version == "7.1");
  CHECK(k.matrix == "First matrix + Second matrix");
  CHECK(k.tactics.size() == 3);
  noted("AML.TA0011 stands twice");
  noted("\"not-an-id\" is not an id of that kind");
  CHECK(k.mitigation("AML.M0018")->techniques == Ids{"AML.T0010", "AML.T0010.003"});
  CHECK(k.mitigation("AML.M0018")->lifecycle == Ids{"Deployment"});
  noted("AML.M0018: AML.T0010.003 stands among its lifecycle stages");
  CHECK(k.mitigation("AML.M0014")->techniques == Ids{"AML.T0010.002", "AML.T0010"});
  noted("AML.M0014: names AML.T0010 twice");
  noted("AML.M0014: names AML.T0777, which the file does not define");
  noted("AML.CS0900: step 2 names AML.T0888");
  CHECK(k.case_study("AML.CS0900")->steps.size() == 2);
  CHECK(k.case_study("AML.CS0900")->date == "2024-05");
  CHECK(k.case_study("AML.CS0901")->date == "2023");
  CHECK(k.case_study("AML.CS0015")->line.empty());
  noted("AML.CS0015: another case than the one that we describe");
  CHECK(k.technique("AML.T0010.002")->parent == "AML.T0010");
  CHECK(k.technique("AML.T0010.002")->tactics == Ids{"AML.TA0004"});
  noted("AML.T0010.002: does not name its parent");
  CHECK(k.technique("AML.T0999.000")->parent.empty());
  CHECK(k.technique("AML.T0999.000")->tactics == Ids{"AML.TA0011"});
  noted("AML.T0999.000: its parent AML.T0999 is not in the file");
  noted("AML.T0999.000: unknown maturity \"certain\"");
  CHECK(k.technique("AML.T0999.000")->maturity == "feasible");
  noted("maturity of 2 techniques worked out");
  noted(
      "AML.T0034: maturity is given as realized, its case studies bear out feasible; kept as "
      "given");
  CHECK(k.technique("AML.T0010.003")->ours.category == "model-integrity");
  CHECK(k.technique("ACME.X2.T0001")->ours.category == "unclassified");
  CHECK(k.technique("AML.T0900")->ours.category == "unclassified");
  CHECK(k.technique("AML.T0900")->name == "New\\x1b[31m technique");
  // After the repairs only what was left open or kept on purpose does not hold together.
  auto left = problems(k);
  CHECK(left.size() == 2);
  for (const auto& p : left)
    CHECK_MESSAGE((p.starts_with("AML.CS0900 step 2") || p.starts_with("AML.T0034: maturity")), p);
}

TEST_CASE("what is no ATLAS file is refused with the reason") {
  for (std::string_view text :
       {"", "[]", "a: b", "matrices: []", "matrices: [{}]", "matrices: [1, [2], {techniques: 3}]",
        "a: [", "matrices:\n- tactics: {}\n  techniques: [{id: 5}, x, [y]]\ncase-studies: 9\n"}) {
    auto k = load_atlas_file(text);
    CHECK_MESSAGE(!k, text);
    if (!k) CHECK(!k.error().cause.empty());
  }
  std::string cut = file(SRC_DIR "/tests/knowledge/defects.yaml");
  for (std::size_t n = 0; n < cut.size(); n += 7) (void)load_atlas_file(cut.substr(0, n));
}

TEST_CASE("the official release loads, is repaired, and equals the built-in one") {
  std::string text = official();
  if (text.empty()) return;
  auto loaded = load_atlas_file(text);
  REQUIRE(loaded);
  const Knowledge& k = *loaded;
  CHECK(k.techniques.size() == 170);
  for (const auto& p : problems(k)) CHECK_MESSAGE(false, p);
  auto derivable = std::ranges::count_if(
      k.techniques, [&](const Technique& t) { return t.maturity == derived_maturity(k, t); });
  CHECK(derivable == 170);
  CHECK(k.notes.size() == 4);  // two misplaced entries, two duplicate pairs
  for (const auto& n : k.notes) MESSAGE(n);
  for (const auto& c : differences(built_in(), k))
    CHECK_MESSAGE(false, c.what, " ", c.id, ": ", c.before, " -> ", c.after);
  for (const auto& t : k.techniques)
    CHECK(t.ours.category == built_in().technique(t.id)->ours.category);
}

TEST_CASE("differences between releases are named") {
  auto changes = differences(built_in(), defective());
  auto find = [&](std::string_view what, std::string_view id) -> const AtlasChange* {
    auto at = std::ranges::find_if(
        changes, [&](const AtlasChange& c) { return c.what == what && c.id == id; });
    return at != changes.end() ? &*at : nullptr;
  };
  REQUIRE(find("added", "AML.T0900") != nullptr);
  CHECK(find("added", "ACME.X2.TA0001") != nullptr);
  CHECK(find("added", "AML.CS0901") != nullptr);
  REQUIRE(find("removed", "AML.T0000") != nullptr);
  CHECK(find("removed", "AML.T0000")->name == "Search Open Technical Databases");
  REQUIRE(find("renamed", "AML.T0034") != nullptr);
  CHECK(find("renamed", "AML.T0034")->before == "Cost Harvesting");
  REQUIRE(find("maturity", "AML.T0034") != nullptr);
  CHECK(find("maturity", "AML.T0034")->after == "realized");
  REQUIRE(find("mitigations", "AML.T0010") != nullptr);
  CHECK(find("mitigations", "AML.T0010")->after == "AML.M0018");
  CHECK(differences(built_in(), built_in()).empty());
}

namespace {

RuleCard rule(std::string id, std::string on, Ids techniques, Ids phases) {
  RuleCard r;
  r.id = std::move(id);
  r.on = std::move(on);
  r.techniques = std::move(techniques);
  r.phases = std::move(phases);
  return r;
}

Finding finding(std::string id, std::string rule_id, Severity severity) {
  Finding f;
  f.id = std::move(id);
  f.rule = std::move(rule_id);
  f.severity = severity;
  return f;
}

}  // namespace

TEST_CASE("coverage has four states and says what was looked for") {
  const Knowledge& k = built_in();
  std::vector<RuleCard> rules = {
      rule("insecure-accounts/open", "service", {"AML.T0012"}, {"operations"}),
      rule("model-integrity/pickle", "import", {"AML.T0011.000", "AML.T0018.002"}, {}),
      rule("pipeline-infrastructure/root", "container", {"AML.T0105"},
           {"design-setup", "operations"}),
      rule("network-exploitation/shell", "code", {"AML.T0072"}, {"operations"}),
      // Its phase is none of the technique's: it counts in all of them.
      rule("data-integrity/odd", "dataset", {"AML.T0019"}, {"operations"})};
  std::vector<Finding> findings = {finding("f1", "insecure-accounts/open", Severity::high),
                                   finding("f2", "insecure-accounts/open", Severity::low),
                                   finding("f3", "model-integrity/pickle", Severity::info),
                                   finding("f4", "data-integrity/odd", Severity::medium)};
  std::map<std::string, std::uint64_t> facts = {
      {"service", 3}, {"import", 12}, {"container", 2}, {"dataset", 1}};
  std::vector<ControlSeen> controls = {{"non-root", "k8s/serve.yaml", {0, 0, 14, 1, {}}},
                                       {"auth-proxy", "k8s/auth.yaml", {}},
                                       {"no-such-control", "x", {}}};
  auto all = cover(k, rules, findings, facts, controls);

  std::size_t expected = 0;
  for (const auto& t : k.techniques) expected += t.ours.phases.size();
  CHECK(all.size() == expected);
  for (const auto& c : all) {
    CHECK(!c.why.empty());
    CHECK_MESSAGE(!contains(lower(c.why), "safe "), c.why);
  }
  auto at = [&](std::string_view technique, std::string_view phase) -> const Coverage& {
    auto x = std::ranges::find_if(
        all, [&](const Coverage& c) { return c.technique == technique && c.phase == phase; });
    REQUIRE(x != all.end());
    return *x;
  };
  using State = Coverage::State;
  const Coverage& exposed = at("AML.T0012", "operations");
  CHECK(exposed.state == State::exposed);
  CHECK(exposed.findings == Ids{"f1", "f2"});
  CHECK(exposed.controls ==
        Ids{"auth-proxy at k8s/auth.yaml"});  // a control does not undo a finding
  CHECK(exposed.why == "2 findings by insecure-accounts/open");
  CHECK(at("AML.T0012", "design-setup").state == State::guarded);

  const Coverage& guarded = at("AML.T0105", "operations");
  CHECK(guarded.state == State::guarded);
  CHECK(guarded.controls == Ids{"non-root at k8s/serve.yaml:14"});

  const Coverage& not_seen = at("AML.T0018.002", "operations");
  CHECK(not_seen.state == State::not_seen);
  CHECK(not_seen.why ==
        "1 rule (model-integrity/pickle) looked at facts: 12 import; 1 finding is for information "
        "only");

  CHECK(at("AML.T0072", "operations").state == State::not_assessable);
  CHECK(
      contains(at("AML.T0072", "operations").why, "facts of kind code, and the targets held none"));
  CHECK(at("AML.T0019", "development-evaluation").state == State::exposed);
  CHECK(contains(at("AML.T0008.001", "design-setup").why, "attacker's side"));
  CHECK(contains(at("AML.T0048", "operations").why, "consequence"));
  CHECK(contains(at("AML.T0041", "operations").why, "people have to answer"));
  CHECK(at("AML.T0055", "operations").why == "no rule looks for it yet");
}

TEST_CASE("the matrix of a report is filled, and rules of another release are named") {
  Scan scan;
  scan.rules = {rule("a/b", "import", {"AML.T0010.003", "AML.T9999"}, {})};
  fill_matrix(built_in(), scan);
  CHECK(scan.tactics.size() == 16);
  CHECK(scan.tactics.front().name == "Reconnaissance");
  CHECK(scan.techniques.size() == 170);
  CHECK(scan.mitigations.size() == 35);
  CHECK(scan.phases.size() == 3);
  CHECK(scan.categories.size() == 10);
  REQUIRE(scan.notes.size() == 1);
  CHECK(contains(scan.notes[0], "AML.T9999"));
  Scan other;
  fill_matrix(defective(), other);
  CHECK(other.categories.back().id == "unclassified");
  CHECK(!other.notes.empty());
}

TEST_CASE("ids are found however they are typed") {
  const Knowledge& k = built_in();
  CHECK(atlas::resolve(k, "AML.T0010.003") == "AML.T0010.003");
  CHECK(atlas::resolve(k, "aml.t0010.003") == "AML.T0010.003");
  CHECK(atlas::resolve(k, "T0010.003") == "AML.T0010.003");
  CHECK(atlas::resolve(k, "t10.3") == "AML.T0010.003");
  CHECK(atlas::resolve(k, "M13") == "AML.M0013");
  CHECK(atlas::resolve(k, "cs23") == "AML.CS0023");
  CHECK(atlas::resolve(k, "ShadowRay") == "AML.CS0023");
  CHECK(atlas::resolve(k, "XYZ.T0010") == "");
  CHECK(atlas::resolve(k, "AML.T9999") == "");
  CHECK(atlas::resolve(k, "T00100") == "");
  auto like = atlas::suggestions(k, "AML.T0110.003");
  REQUIRE(!like.empty());
  CHECK(std::ranges::any_of(like, [](const std::string& s) {
    return s.starts_with("AML.T0110 ") || s.starts_with("AML.T0010.003 ");
  }));
  CHECK(!atlas::suggestions(k, "signign").empty());
  CHECK(atlas::suggestions(k, "zzzzzzzz").empty());
}

TEST_CASE("pages print and escape nothing raw") {
  const Knowledge& k = built_in();
  std::string page = atlas::object_text(k, "AML.T0010.003");
  for (std::string_view part : {"AI Supply Chain Compromise: Model", "Initial Access", "realized",
                                "AML.M0013", "step", "Shows it", "Guards it"})
    CHECK_MESSAGE(contains(page, part), part);
  for (const auto& t : k.techniques) CHECK(!atlas::object_text(k, t.id).empty());
  for (const auto& c : k.case_studies) CHECK(!atlas::object_json(k, c.id).empty());
  CHECK(contains(atlas::object_text(k, "AML.CS0023"), "[no ATLAS mitigation]"));
  Release other{defective(), "00112233445566778899"};
  std::string matrix = atlas::matrix_text(other);
  CHECK(contains(matrix, "Kettle Overflow"));
  CHECK(contains(matrix, "Repaired on load"));
  CHECK(!contains(matrix, "\x1b"));
  CHECK(atlas::search(k, "pickle").techniques.size() > 3);
  CHECK(atlas::in_category(k, "physical-access").techniques.size() >= 1);
}
