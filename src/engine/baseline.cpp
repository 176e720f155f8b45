#include "engine/baseline.h"

#include <algorithm>
#include <iterator>

#include "io/mapped_file.h"
#include "syntax/yaml.h"

namespace parapet {

Result<Baseline> read_baseline(const std::string& file) {
  OpenFile opened = TRY(open_file(file));
  Parsed report = parse_yaml(as_text(opened.bytes));  // JSON is YAML
  const Node* findings = report.ok() && report.documents.size() == 1
                             ? report.documents[0].root.at("findings")
                             : nullptr;
  if (findings == nullptr || !findings->is_list())
    return Fail(Error{"read baseline " + file, "is not a JSON report of parapet"});
  Baseline out;
  for (const Node& f : findings->items) out.ids.emplace(f.text_at("id"));
  return out;
}

void apply(const Baseline& baseline, Scan& scan) {
  if (baseline.ids.empty()) return;
  auto keep = std::stable_partition(scan.findings.begin(), scan.findings.end(),
                                    [&](const Finding& f) { return !baseline.ids.contains(f.id); });
  std::move(keep, scan.findings.end(), std::back_inserter(scan.suppressed));
  scan.findings.erase(keep, scan.findings.end());
}

}  // namespace parapet
