// Placeholder until the report lands in the next merge.
#include "base/json.h"
#include "reports/report.h"
namespace parapet::reports {
static std::string write(const Scan& scan, const ReportOptions&) {
  JsonWriter w;
  w.begin_object().key("findings").begin_array();
  for (const auto& f : scan.findings) w.begin_object().field("id", f.id).field("rule", f.rule).field("severity", to_text(f.severity)).field("artifact", f.artifact).field("message", f.message).end_object();
  w.end_array().key("artifacts").begin_array();
  for (const auto& a : scan.artifacts) w.begin_object().field("path", a.path).field("status", to_text(a.status)).field("why", a.why).strings("kinds", a.kinds).end_object();
  return w.end_array().end_object().take();
}
extern const Report json{"json", "machine-readable report", "json", write};
}
