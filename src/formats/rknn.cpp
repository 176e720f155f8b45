// RKNN models of Rockchip's NPUs: "RKNN", 4 bytes, u64 version, u64 length of the compiled graph,
// the graph, u64 length of a JSON description {"connection", "nodes", "norm_tensor", …}, the JSON;
// or "CYPTRKNN", encrypted. https://github.com/airockchip/rknn-toolkit2
#include <algorithm>
#include <set>

#include "base/text.h"
#include "formats/format.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 8);
  return s.size() == 8 && (s.starts_with(std::string_view("RKNN\0\0\0\0", 8)) || s == "CYPTRKNN");
}

void custom_nodes(Sink& sink, std::string_view text, std::uint64_t base) {
  std::size_t count = 0;
  Parsed parsed = parse_json(text, [&] { return ++count < 300'000 && sink.next(); });
  if (!parsed.ok()) sink.partly("the description: " + parsed.problem);
  const Node* nodes = parsed.documents.empty() ? nullptr : parsed.documents[0].root.at("nodes");
  std::set<std::string> seen;
  for (std::size_t i = 0; nodes != nullptr && i < nodes->items.size() && sink.next(); ++i) {
    const Node& n = nodes->items[i];
    std::string lid(n.text_at("lid").substr(0, 100));
    std::string kind = lower(lid);
    if (!contains(kind, "custom") && !contains(kind, "cpu_op") && !contains(kind, "cstops"))
      continue;
    if (!seen.insert(lid).second) continue;
    Fact f{
        "operator", {}, {base + n.offset, n.length}, printable(lid, 80) + " is the program's own"};
    f.set("name", lid).set("domain", "custom").set("framework", "rknn").set("where", "graph");
    f.set("power", "custom");
    sink.add(std::move(f));
  }
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("rknn");
  Cursor c(a.bytes);
  bool encrypted = c.text(8) == "CYPTRKNN";
  auto version = encrypted ? 0 : c.le<std::uint64_t>();
  if (encrypted) {
    sink.partly("encrypted");
  } else {
    std::uint64_t at = c.offset();
    auto n = c.le<std::uint64_t>();
    if (c.ok() && n > c.left())
      sink.anomaly("overflow",
                   "a graph of " + std::to_string(n) + " bytes in " + std::to_string(c.left()),
                   {at, 8});
    c.skip(n);
    at = c.offset();
    auto m = c.le<std::uint64_t>();
    if (c.ok() && m > c.left())
      sink.anomaly(
          "overflow",
          "a description of " + std::to_string(m) + " bytes in " + std::to_string(c.left()),
          {at, 8});
    std::uint64_t base = c.offset();
    std::string_view text = c.text(m);
    if (c.ok()) custom_nodes(sink, text.substr(0, text.find('\0')), base);
    if (c.ok() && c.left() > 0) {
      std::uint64_t from = c.offset(), left = c.left();
      sink.anomaly("trailing-data", std::to_string(left) + " bytes behind the description",
                   {from, left});
      sink.child(a, "tail", c.take(left), a.owner);
    }
    sink.partly("the compiled graph is not read");
  }
  Fact f{"model", {}, {0, std::min<std::uint64_t>(8, a.bytes.size())}, "an RKNN model"};
  f.set("format", "rknn").set("name", file_name(a.name)).set("loader", "rknn");
  f.set("version", std::to_string(version));
  sink.add(std::move(f));
  sink.finish(c);
}

}  // namespace

extern const Format rknn;
const Format rknn{"rknn",
                  1,
                  "RKNN models: their description and operators of the program's own",
                  "https://github.com/airockchip/rknn-toolkit2",
                  recognises,
                  parse};

}  // namespace parapet::formats
