// TensorRT plans: "ftrt" or, of older versions, "ptrt". The layout behind is NVIDIA's own; plugins
// stand in it by name, and a plan that was built to run on other versions, or with its plugins
// inside, holds shared libraries that deserialising loads.
// https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html#version-compatibility
#include <algorithm>
#include <map>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::size_t most_names = 200;

bool recognises(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 4);
  return a.bytes.size() >= 16 && (s == "ftrt" || s == "ptrt");
}

// The word around `at`: what C identifiers and namespaces are made of.
std::string_view word_at(std::string_view s, std::size_t at) {
  auto part = [&](char c) { return is_word(c) || c == ':' || c == '-'; };
  std::size_t from = at, to = at;
  while (from > 0 && at - from < 80 && part(s[from - 1])) --from;
  while (to < s.size() && to - at < 80 && part(s[to])) ++to;
  return s.substr(from, to - from);
}

void libraries(const Artifact& a, Sink& sink) {
  std::string_view s = as_text(a.bytes);
  unsigned found = 0;
  constexpr std::string_view elf(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  for (std::size_t i = s.find(elf); i != std::string_view::npos && found < 20 && sink.next();
       i = s.find(elf, i + 1), ++found) {
    sink.anomaly("executable", "a shared library lies in the plan", {i, 7});
    sink.child(a, "library@" + std::to_string(i), a.bytes.subspan(i), a.owner);
  }
}

void plugins(const Artifact& a, Sink& sink) {
  std::string_view s = as_text(a.bytes);
  std::map<std::string, std::size_t> names;
  for (std::string_view mark : {"_TRT", "Plugin", "plugin"})
    for (std::size_t i = s.find(mark);
         i != std::string_view::npos && names.size() < most_names && sink.next();
         i = s.find(mark, i + mark.size())) {
      std::string name(word_at(s, i));
      if (name.size() > mark.size() + 2) names.try_emplace(name, i);
    }
  for (const auto& [name, at] : names) {
    // NVIDIA's own end in _TRT and come with TensorRT.
    bool own = name.ends_with("_TRT");
    Fact f{"operator", {}, {at, 0}, "the plugin " + printable(name, 80)};
    f.set("name", name).set("domain", "plugin").set("framework", "tensorrt").set("where", "plan");
    if (!own) f.set("power", "custom");
    sink.add(std::move(f));
  }
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("tensorrt");
  Fact f{"model", {}, {0, std::min<std::uint64_t>(4, a.bytes.size())}, "a TensorRT plan"};
  f.set("format", "tensorrt").set("name", file_name(a.name)).set("loader", "tensorrt");
  sink.add(std::move(f));
  libraries(a, sink);
  plugins(a, sink);
  sink.partly("the layout of a plan is not published: searched, not read");
}

}  // namespace

extern const Format tensorrt;
const Format tensorrt{
    "tensorrt",
    1,
    "TensorRT plans: plugins and libraries inside",
    "https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html",
    recognises,
    parse};

}  // namespace parapet::formats
