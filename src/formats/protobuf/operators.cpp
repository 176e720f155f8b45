#include "formats/protobuf/operators.h"

#include "base/text.h"
#include "formats/reference/reference.h"

namespace parapet::protobuf {
namespace {

std::string_view in_words(std::string_view power) {
  if (power == "executes-code") return "runs code that is not in the graph";
  if (power == "reads-files") return "reads files";
  if (power == "writes-files") return "writes files";
  if (power == "network") return "opens connections";
  return "comes from outside the framework";
}

}  // namespace

void Operators::add(Operator op, const Place& place, std::uint64_t count) {
  std::string key =
      op.name + '\n' + op.domain + '\n' + op.where + '\n' + op.power + '\n' + op.argument;
  auto at = met_.find(key);
  if (at == met_.end()) {
    bool elsewhere = !reference::problem_of(op.argument).empty();
    std::string alike =
        op.power == "custom" ? op.power : op.power + op.name + (elsewhere ? "!" : "");
    if (++alike_[alike] > max_alike) {
      ++dropped_;
      return;
    }
    at = met_.emplace(std::move(key), Met{std::move(op), place}).first;
  }
  at->second.count += count;
}

void Operators::put(Sink& sink) const {
  if (nodes_ != 0) {
    Fact f{"metadata",
           {},
           {},
           std::to_string(nodes_) + " nodes of " + std::to_string(kinds_.size()) + " operators"};
    f.set("key", "operators").set("value", std::to_string(kinds_.size())).set("format", framework_);
    sink.add(std::move(f));
  }
  for (const auto& [key, m] : met_) {
    std::string full = m.op.domain.empty() ? m.op.name : m.op.domain + "::" + m.op.name;
    Fact f{"operator",
           {},
           m.first,
           printable(full, 100) + " in " + printable(m.op.where, 60) + " " +
               std::string(in_words(m.op.power)) +
               (m.op.argument.empty() ? "" : ": " + printable(m.op.argument, 120))};
    f.set("name", m.op.name.substr(0, 200));
    if (!m.op.domain.empty()) f.set("domain", m.op.domain.substr(0, 200));
    f.set("framework", framework_).set("count", std::to_string(m.count));
    f.set("where", m.op.where.substr(0, 200));
    if (!m.op.power.empty()) f.set("power", m.op.power);
    if (!m.op.argument.empty()) f.set("argument", m.op.argument.substr(0, 400));
    sink.add(std::move(f));
  }
  if (dropped_ != 0)
    sink.partly(std::to_string(dropped_) + " more operators of kinds that are listed are not");
}

}  // namespace parapet::protobuf
