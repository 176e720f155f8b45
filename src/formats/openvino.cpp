// OpenVINO IR (.xml beside a .bin of weights): <net version="11"><layers><layer type version>
// <data/></layer>… with nested <body> graphs. Const layers name a stretch of the .bin; a layer of
// no opset is code that the program must load.
// https://docs.openvino.ai/2025/documentation/openvino-ir-format.html
#include <algorithm>
#include <map>

#include "base/text.h"
#include "formats/format.h"
#include "formats/reference/reference.h"
#include "formats/xml/document.h"
#include "syntax/xml.h"

namespace parapet::formats {
namespace {

constexpr std::size_t max_tensor_facts = 2000;

struct Type {
  std::string_view name;
  unsigned bits;
};
constexpr Type types[] = {{"f64", 64},   {"f32", 32},    {"f16", 16}, {"bf16", 16},  {"i64", 64},
                          {"u64", 64},   {"i32", 32},    {"u32", 32}, {"i16", 16},   {"u16", 16},
                          {"i8", 8},     {"u8", 8},      {"i4", 4},   {"u4", 4},     {"u2", 2},
                          {"u1", 1},     {"boolean", 8}, {"nf4", 4},  {"f8e4m3", 8}, {"f8e5m2", 8},
                          {"f4e2m1", 4}, {"f8e8m0", 8},  {"u3", 3},   {"u6", 6}};

bool recognises(const Artifact& a) {
  std::string_view text = as_text(a.bytes);
  return is_xml_with(text, "net") && (is_xml_with(text, "layers") || is_xml_with(text, "layer"));
}

// Versions that OpenVINO itself writes: "opset1" and up, and its own internal sets.
bool is_own(std::string_view version) {
  if (version.starts_with("opset")) return to_integer(version.substr(5)).has_value();
  return version == "ie_internal_opset" || version == "util" || version == "type_relaxed_opset";
}

bool is_library(std::string_view s) {
  std::string name = lower(file_name(s));
  return name.ends_with(".so") || contains(name, ".so.") || name.ends_with(".dll") ||
         name.ends_with(".dylib");
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    sink_.is("openvino");
    std::optional<Node> root = xml::read(a_, sink_, "openvino");
    const Node* net = root ? root->at("net") : nullptr;
    if (net == nullptr || !net->is_map()) return sink_.partly("no element <net>");
    std::string_view version = xml::attribute(*net, "version");
    auto number = to_integer(version);
    if (!number || *number < 2 || *number > 11)
      sink_.partly("IR version " + printable(version, 20) + " is not known");
    old_ = number && *number < 10;
    walk(*net, "net");
    for (auto& [key, f] : operators_) sink_.add(std::move(f));
    if (weights_ > 0) {
      std::string bin(file_name(a_.name));
      bin = bin.substr(0, bin.rfind('.')) + ".bin";
      Fact f{"reference",
             {},
             net->place("net"),
             std::to_string(weights_) + " bytes of weights in " + printable(bin, 80)};
      f.set("what", "weights").set("target", bin).set("format", "openvino");
      sink_.add(std::move(f));
    }
    Fact f{"model",
           {},
           net->place("net"),
           "an OpenVINO model of " + std::to_string(layers_) + " layers"};
    f.set("format", "openvino").set("name", file_name(a_.name)).set("loader", "openvino");
    f.set("version", version.substr(0, 20));
    sink_.add(std::move(f));
    if (constants_ > max_tensor_facts)
      sink_.partly("only the first " + std::to_string(max_tensor_facts) +
                   " constants are listed; all were checked");
  }

 private:
  void walk(const Node& element, const std::string& where) {
    if (!sink_.next()) return;
    for (std::size_t i = 0; i < element.items.size(); ++i) {
      const Node& child = element.items[i];
      if (!child.is_map()) continue;
      std::string_view name = element.keys[i].text;
      // What the converter noted about itself is read by nobody.
      if (name == "meta_data" || name == "rt_info") continue;
      if (name == "layer") layer(child, where);
      libraries(child);
      bool body = contains(name, "body");
      walk(child, body ? std::string(name.substr(0, 40)) : where);
    }
  }

  void layer(const Node& n, const std::string& where) {
    ++layers_;
    std::string_view type = xml::attribute(n, "type"), set = xml::attribute(n, "version");
    if (type.empty()) return;
    if (type == "Const") constant(n);
    bool foreign = old_ ? type == "Custom" || !set.empty() : !is_own(set);
    if (!foreign) return;
    auto [place, is_new] = operators_.try_emplace(std::string(type) + "\n" + where);
    Fact& f = place->second;
    if (is_new) {
      std::string domain(set.empty() ? "custom" : set.substr(0, 80));
      f = Fact{
          "operator",
          {},
          n.place("layer " + std::string(xml::attribute(n, "id"))),
          printable(type, 80) + " of \"" + printable(domain, 60) + "\" is no operator of OpenVINO"};
      f.set("name", type.substr(0, 200)).set("domain", domain).set("framework", "openvino");
      f.set("where", where).set("power", "custom");
    }
    auto count = f.has("count") ? to_integer(f.get("count")).value_or(0) : 0;
    f.put("count", std::to_string(count + 1));
  }

  void libraries(const Node& n) {
    for (std::size_t i = 0; i < n.keys.size(); ++i) {
      std::string_view key = n.keys[i].text;
      const std::string& value = n.items[i].text;
      if (!key.starts_with('@') || key == "@name" || !is_library(value) || ++references_ > 200)
        continue;
      std::string_view problem = reference::problem_of(value);
      Fact f{"reference", {}, n.place(), "loads the library " + printable(value, 120)};
      f.set("what", "library").set("target", value.substr(0, 400)).set("format", "openvino");
      f.set("problem", problem.empty() ? "outside" : problem);
      sink_.add(std::move(f));
    }
  }

  void constant(const Node& n) {
    const Node* data = n.at("data");
    if (data == nullptr) return;
    std::string shape(xml::attribute(*data, "shape"));
    std::string_view type = xml::attribute(*data, "element_type");
    auto offset = to_integer(xml::attribute(*data, "offset"));
    auto size = to_integer(xml::attribute(*data, "size"));
    std::string who = "constant \"" + printable(xml::attribute(n, "name"), 60) + "\"";
    if (!offset || !size || *offset < 0 || *size < 0 || *offset > (1LL << 50U) ||
        *size > (1LL << 50U)) {
      if (++said_ <= 20)
        sink_.anomaly("overflow", who + " lies at an offset that no file has", data->place());
      return;
    }
    auto bytes = static_cast<std::uint64_t>(*size);
    weights_ = std::max(weights_, static_cast<std::uint64_t>(*offset) + bytes);
    std::uint64_t elements = 1;
    bool overflows = false;
    for (std::string_view d : split(shape, ',')) {
      d = trim(d);
      if (d.empty()) continue;
      auto v = to_integer(d);
      overflows = overflows || !v || *v < 0 ||
                  __builtin_mul_overflow(elements, static_cast<std::uint64_t>(*v), &elements) ||
                  elements > (1ULL << 56U);
    }
    const auto* known = std::find_if(std::begin(types), std::end(types),
                                     [&](const Type& t) { return t.name == lower(type); });
    if (overflows ||
        (known != std::end(types) && !shape.empty() && elements * known->bits / 8 > bytes)) {
      if (++said_ <= 20)
        sink_.anomaly("overflow",
                      who + " [" + printable(shape, 60) + "] needs more than its " +
                          std::to_string(bytes) + " bytes",
                      data->place());
    }
    if (++constants_ > max_tensor_facts) return;
    Fact f{"tensor", {}, n.place(), who + " [" + printable(shape, 60) + "]"};
    f.set("name", xml::attribute(n, "name").substr(0, 200)).set("dtype", type.substr(0, 20));
    f.set("shape", shape.substr(0, 100)).set("bytes", std::to_string(bytes));
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  bool old_ = false;
  std::map<std::string, Fact> operators_;
  std::size_t layers_ = 0, constants_ = 0;
  std::uint64_t weights_ = 0;
  unsigned references_ = 0, said_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format openvino;
const Format openvino{"openvino",
                      1,
                      "OpenVINO IR: layers, libraries, constants",
                      "https://docs.openvino.ai/2025/documentation/openvino-ir-format.html",
                      recognises,
                      parse};

}  // namespace parapet::formats
