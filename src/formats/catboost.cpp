// CatBoost models (.cbm): "CBM1", u32 length, a FlatBuffer TModelCore {0 format version, 1 trees, 2
// pairs of texts, 3 names of the parts behind it}, then those parts.
// https://github.com/catboost/catboost/blob/master/catboost/libs/model/flatbuffers/model.fbs
#include <algorithm>

#include "base/text.h"
#include "formats/flatbuffers/buffer.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) { return as_text(a.bytes).starts_with("CBM1"); }

void parse(const Artifact& a, Sink& sink) {
  sink.is("catboost");
  Cursor c(a.bytes);
  c.skip(4);
  std::uint64_t n = c.le<std::uint32_t>();
  if (c.ok() && n > c.left())
    sink.anomaly(
        "overflow",
        "a core of " + std::to_string(n) + " bytes in a file of " + std::to_string(a.bytes.size()),
        {4, 4});
  std::uint64_t base = c.offset();
  flatbuffers::Buffer b(c.take(std::min(n, c.left())));
  flatbuffers::Table core = b.root();
  std::string version(b.text(core, 0).substr(0, 60));
  if (b.ok() && version != "FlabuffersModel_v1")
    sink.partly("format version \"" + printable(version, 40) + "\"");
  flatbuffers::Vector info = b.vector<4>(core, 2);
  for (std::uint64_t i = 0; i < info.count && b.ok() && sink.next() && i < 200; ++i) {
    flatbuffers::Table pair = b.table(info, i);
    std::string_view key = b.text(pair, 0), value = b.text(pair, 1);
    if (!b.ok()) break;
    Fact f{"metadata", {}, {base + pair.at, 0}, printable(key, 60) + ": " + printable(value, 120)};
    f.set("key", key.substr(0, 100)).set("value", value.substr(0, 400)).set("format", "catboost");
    sink.add(std::move(f));
  }
  flatbuffers::Vector parts = b.vector<4>(core, 3);
  for (std::uint64_t i = 0; i < parts.count && b.ok() && sink.next() && i < 100; ++i) {
    std::string_view name = b.text(parts, i);
    Fact f{"metadata", {}, {base, 0}, "a part behind the trees: " + printable(name, 60)};
    f.set("key", "part").set("value", name.substr(0, 100)).set("format", "catboost");
    if (b.ok()) sink.add(std::move(f));
  }
  if (b.ok() && c.ok() && c.left() > 0 && parts.count == 0) {
    std::uint64_t at = c.offset(), left = c.left();
    sink.anomaly("trailing-data", std::to_string(left) + " bytes behind a model without parts",
                 {at, left});
    sink.child(a, "tail", c.take(left), a.owner);
  }
  if (b.ok() && parts.count > 0) sink.partly("the parts behind the trees are not read");
  Fact f{"model", {}, {0, std::min<std::uint64_t>(4, a.bytes.size())}, "a CatBoost model"};
  f.set("format", "catboost").set("name", file_name(a.name)).set("loader", "catboost");
  sink.add(std::move(f));
  if (!b.ok()) {
    sink.anomaly("malformed", b.cursor().error(),
                 {std::min<std::uint64_t>(base + b.cursor().offset(), a.bytes.size()), 0});
    sink.partly(b.cursor().error());
  }
  sink.finish(c);
}

}  // namespace

extern const Format catboost;
const Format catboost{
    "catboost",
    1,
    "CatBoost models: their core and what it says of itself",
    "https://github.com/catboost/catboost/blob/master/catboost/libs/model/flatbuffers/model.fbs",
    recognises,
    parse};

}  // namespace parapet::formats
