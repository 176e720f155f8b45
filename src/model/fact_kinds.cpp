#include "model/fact_kinds.h"

#include <set>

#include "base/embedded.h"
#include "base/text.h"

namespace parapet {
namespace {

// A row begins "| `kind` |".
std::set<std::string_view> rows(std::string_view table) {
  constexpr std::string_view lead = "| `";
  std::set<std::string_view> out;
  for (std::string_view line : split(table, '\n'))
    if (line.starts_with(lead)) out.insert(split_once(line.substr(lead.size()), "`").before);
  return out;
}

}  // namespace

bool is_fact_kind(std::string_view kind) {
  static const std::set<std::string_view> kinds = rows(embedded_docs()[0].text());
  return kinds.contains(kind);
}

}  // namespace parapet
