#pragma once
// A report writes the result of a scan. To add one: write src/reports/NAME.cpp that defines
// `extern const Report NAME`.
#include <span>
#include <string>
#include <string_view>

#include "model/scan.h"

namespace parapet {

struct ReportOptions {
  bool colour = false;    // the text report on a terminal
  unsigned width = 100;   // columns of the terminal
  bool verbose = false;   // every place, every artifact
  std::string timestamp;  // RFC 3339 from SOURCE_DATE_EPOCH; empty: no clock in the report
};

struct Report {
  std::string_view name;   // `--format NAME`
  std::string_view title;  // one line for `--help`
  std::string_view extension;
  std::string (*write)(const Scan&, const ReportOptions&);
};

std::span<const Report* const> all_reports();

}  // namespace parapet
