// Writes the standard scan in every format and compares with tests/reports/NAME.golden.
//   report_test DIR            UPDATE=1 rewrites the golden files
//   report_test DIR FORMAT     prints that report (for the foreign validators)
//   report_test DIR FORMAT empty
#include "reports/report.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/text.h"
#include "support/sample_scan.h"

namespace parapet {
namespace {

const Report* report_named(std::string_view name) {
  for (const Report* r : all_reports())
    if (r->name == name) return r;
  return nullptr;
}

struct Case {
  std::string file;
  std::string_view format;
  bool empty = false;
  ReportOptions options = {};
};

int compare(const std::string& folder, const Case& c, const std::string& got) {
  std::string golden = folder + '/' + c.file + ".golden";
  if (std::getenv("UPDATE") != nullptr) std::ofstream(golden) << got;
  std::ifstream in(golden);
  std::string want{std::istreambuf_iterator<char>(in), {}};
  if (want == got) return 0;
  std::string now = c.file + ".got";
  std::ofstream(now) << got;
  std::cout << "FAIL " << golden << " differs from " << now << '\n';
  return 1;
}

// What holds for every report of every scan.
int check_bytes(const Case& c, const std::string& got) {
  if (!is_utf8(got)) return std::cout << "FAIL " << c.file << ": not UTF-8\n", 1;
  std::string_view rest = got;
  while (!rest.empty()) {
    auto code_point = take_code_point(rest);
    bool control =
        (code_point < 0x20 && code_point != '\n' && !(code_point == 0x1b && c.options.colour)) ||
        code_point == 0x7F;
    if (control || is_deceptive(code_point))
      return std::cout << "FAIL " << c.file << ": character " << code_point << " in the report\n",
             1;
  }
  return 0;
}

int run(const std::string& folder) {
  std::vector<Case> cases{{"text", "text"},   {"text_empty", "text", true},
                          {"json", "json"},   {"json_empty", "json", true},
                          {"sarif", "sarif"}, {"sarif_empty", "sarif", true}};
  ReportOptions loud;
  loud.colour = loud.verbose = true;
  loud.width = 70;
  loud.timestamp = "2026-01-02T03:04:05Z";
  cases.push_back({"text_colour", "text", false, loud});
  cases.push_back({"json_timestamp", "json", true, loud});
  int failed = 0;
  for (const auto& c : cases) {
    const auto* report = report_named(c.format);
    if (report == nullptr) return std::cout << "no report " << c.format << '\n', 1;
    auto scan = c.empty ? test::empty_scan() : test::sample_scan();
    auto got = report->write(scan, c.options);
    failed += compare(folder, c, got) + check_bytes(c, got);
  }
  if (const auto* html = report_named("html")) {
    Case c{"html", "html"};
    auto got = html->write(test::sample_scan(), {});
    failed += check_bytes(c, got);
    if (contains(got, "alert(1)</script>"))
      failed += 1, std::cout << "FAIL html: input ends the script\n";
  }
  std::cout << "reports: " << cases.size() << " written, " << failed << " failed\n";
  return failed != 0;
}

}  // namespace
}  // namespace parapet

int main(int argc, char** argv) {
  using namespace parapet;
  if (argc == 2) return run(argv[1]);
  if (argc != 3 && argc != 4) return 2;
  const Report* report = report_named(argv[2]);
  if (report == nullptr) return std::fprintf(stderr, "no report %s\n", argv[2]), 2;
  auto text = report->write(argc == 4 ? test::empty_scan() : test::sample_scan(), {});
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}
