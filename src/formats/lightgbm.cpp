// LightGBM models: text, "tree", "version=v4", KEY=VALUE lines, then "Tree=0" … blocks of arrays,
// "end of trees", importances, parameters. https://lightgbm.readthedocs.io/en/latest/
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  std::string_view head = as_text(a.bytes).substr(0, 256);
  return (head.starts_with("tree\n") || head.starts_with("tree\r\n")) && contains(head, "version=");
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("lightgbm");
  std::string_view text = as_text(a.bytes);
  std::size_t at = 0;
  std::uint64_t trees = 0, leaves = 0;
  std::string version, block = "model";
  unsigned said = 0, facts = 0;
  bool ended = false;
  while (at < text.size() && sink.next()) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = trim(text.substr(at, end - at));
    Place place{at, line.size()};
    at = end + 1;
    auto [key, value, found] = split_once(line, "=");
    if (line == "end of trees") ended = true;
    if (key == "Tree") ++trees, block = "tree " + std::string(value.substr(0, 20));
    if (key == "version") version = std::string(value.substr(0, 20));
    if (key == "num_leaves")
      leaves = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_integer(value).value_or(0)));
    bool array = key == "leaf_value" || key == "split_feature" || key == "left_child" ||
                 key == "right_child";
    if (array && !ended) {
      auto count = static_cast<std::uint64_t>(std::count(value.begin(), value.end(), ' ') +
                                              (value.empty() ? 0 : 1));
      std::uint64_t wanted = key == "leaf_value" ? leaves : leaves == 0 ? 0 : leaves - 1;
      if (count != wanted && ++said <= 20)
        sink.anomaly("overflow",
                     block + ": " + std::string(key) + " has " + std::to_string(count) +
                         " values for " + std::to_string(leaves) + " leaves",
                     place);
    }
    bool worth =
        key == "objective" || key == "feature_names" || key == "num_class" || key == "version";
    if (!found || !worth || ++facts > 20) continue;
    Fact f{"metadata", {}, place, std::string(key) + ": " + printable(value, 120)};
    f.set("key", key).set("value", value.substr(0, 400)).set("format", "lightgbm");
    sink.add(std::move(f));
  }
  if (!ended) {
    sink.anomaly("truncated", "the model ends before \"end of trees\"", {text.size(), 0});
    sink.partly("cut short");
  }
  Fact f{"model",
         {},
         {0, std::min<std::size_t>(4, text.size())},
         "a LightGBM model of " + std::to_string(trees) + " trees"};
  f.set("format", "lightgbm").set("name", file_name(a.name)).set("loader", "lightgbm");
  f.set("version", version);
  sink.add(std::move(f));
}

}  // namespace

extern const Format lightgbm;
const Format lightgbm{
    "lightgbm", 1,    "LightGBM models in text", "https://lightgbm.readthedocs.io/en/latest/",
    recognises, parse};

}  // namespace parapet::formats
