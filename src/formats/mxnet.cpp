// MXNet: NAME-symbol.json, a graph of {"nodes": [{"op", "name", "attrs", "inputs"}], "arg_nodes"};
// and .params: u64 0x112, u64 0, u64 count of arrays {u32 version mark, …}, u64 count of names {u64
// length, text}. Custom operators are Python that the program registered; _Native and _NDArray hold
// the address of a callback. https://github.com/apache/mxnet/blob/master/src/ndarray/ndarray.cc
#include <algorithm>
#include <map>

#include "base/text.h"
#include "formats/format.h"
#include "formats/reference/reference.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::uint64_t list_mark = 0x112;
constexpr std::size_t max_tensor_facts = 2000;
constexpr std::size_t longest = 64U << 20U;

struct Type {
  std::string_view name;
  unsigned bytes;
};
constexpr Type types[] = {{"float32", 4}, {"float64", 8}, {"float16", 2}, {"uint8", 1},
                          {"int32", 4},   {"int8", 1},    {"int64", 8},   {"bool", 1},
                          {"int16", 2},   {"uint16", 2},  {"uint32", 4},  {"uint64", 8},
                          {"bfloat16", 2}};

bool is_params(const Artifact& a) {
  Cursor c(a.bytes);
  auto mark = c.le<std::uint64_t>(), reserved = c.le<std::uint64_t>();
  return c.ok() && mark == list_mark && reserved == 0;
}

bool recognises(const Artifact& a) {
  if (is_params(a)) return true;
  if (extension(a.name) != "json") return false;
  std::string_view text = as_text(a.bytes);
  std::string_view head = text.substr(0, 4096);
  std::string_view tail = text.substr(text.size() - std::min<std::size_t>(text.size(), 65536));
  return contains(head, "\"nodes\"") && (contains(head, "\"op\"") || contains(tail, "\"op\"")) &&
         (contains(tail, "\"arg_nodes\"") || contains(tail, "mxnet_version") ||
          file_name(a.name).ends_with("-symbol.json"));
}

std::string_view power_of(std::string_view op) {
  if (op == "_Native" || op == "_NDArray") return "executes-code";
  return op == "Custom" || op == "_CustomFunction" ? "custom" : "";
}

class Symbol {
 public:
  Symbol(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    std::string_view text = as_text(a_.bytes);
    if (text.size() > longest) return sink_.partly("longer than 64 MiB");
    std::size_t count = 0;
    Parsed parsed = parse_json(text, [&] { return ++count < 2'000'000 && sink_.next(); });
    if (!parsed.ok()) sink_.partly(parsed.problem);
    if (parsed.documents.empty()) return;
    graph(parsed.documents[0].root, "graph", 0);
    for (auto& [key, f] : operators_) sink_.add(std::move(f));
    Fact f{"model",
           {},
           parsed.documents[0].root.place(),
           "an MXNet graph of " + std::to_string(nodes_) + " nodes"};
    f.set("format", "mxnet-symbol").set("name", file_name(a_.name)).set("loader", "mxnet");
    sink_.add(std::move(f));
  }

 private:
  void graph(const Node& root, const std::string& where, unsigned depth) {
    const Node* nodes = root.at("nodes");
    if (nodes == nullptr || !nodes->is_list() || depth > 20) return;
    for (std::size_t i = 0; i < nodes->items.size() && sink_.next(); ++i) {
      const Node& n = nodes->items[i];
      ++nodes_;
      const Node* attributes = n.at("attrs");
      for (std::string_view older : {"attr", "param"})
        if (attributes == nullptr) attributes = n.at(older);
      used(n, attributes, where);
      inputs(n, nodes->items.size());
      if (const Node* inner = n.at("subgraphs"); inner != nullptr && inner->is_list())
        for (const Node& g : inner->items)
          graph(g, "subgraph of " + std::string(n.text_at("name").substr(0, 60)), depth + 1);
    }
  }

  void used(const Node& n, const Node* attributes, const std::string& where) {
    std::string_view op = n.text_at("op");
    std::string_view power = power_of(op);
    std::string name(op.substr(0, 100));
    std::string_view kind = attributes != nullptr ? attributes->text_at("op_type") : "";
    if (op == "Custom" && !kind.empty()) name = kind.substr(0, 200);
    if (attributes != nullptr && attributes->is_map())
      for (std::size_t i = 0; i < attributes->items.size(); ++i) library(attributes->items[i]);
    if (power.empty()) return;
    auto [place, is_new] = operators_.try_emplace(name + "\n" + where);
    if (!is_new) return;
    place->second = Fact{"operator",
                         {},
                         n.place("nodes." + std::string(n.text_at("name"))),
                         printable(op, 40) + " " + printable(name, 80) + " in " + where};
    place->second.set("name", name).set("domain", op.substr(0, 60)).set("framework", "mxnet");
    place->second.set("where", where).set("power", power);
    if (attributes != nullptr && !attributes->text_at("info").empty())
      place->second.set("argument", attributes->text_at("info").substr(0, 100));
  }

  void library(const Node& value) {
    std::string s = value.is_scalar() ? lower(value.text) : std::string();
    if (!s.ends_with(".so") && !s.ends_with(".dll") && !s.ends_with(".dylib")) return;
    if (++libraries_ > 50) return;
    Fact f{"reference", {}, value.place(), "names the library " + printable(value.text, 100)};
    f.set("what", "library").set("target", value.text.substr(0, 300)).set("format", "mxnet");
    std::string_view problem = reference::problem_of(value.text);
    f.set("problem", problem.empty() ? "outside" : problem);
    sink_.add(std::move(f));
  }

  // [[node, output, version], …]
  void inputs(const Node& n, std::size_t count) {
    const Node* list = n.at("inputs");
    if (list == nullptr || !list->is_list()) return;
    for (const Node& in : list->items) {
      if (!in.is_list() || in.items.empty()) continue;
      auto from = to_integer(in.items[0].text);
      if (from && *from >= 0 && static_cast<std::uint64_t>(*from) < count) continue;
      if (++said_ <= 20)
        sink_.anomaly("overflow",
                      "an input from node " + printable(in.items[0].text, 30) + " of " +
                          std::to_string(count),
                      in.place());
    }
  }

  const Artifact& a_;
  Sink& sink_;
  std::map<std::string, Fact> operators_;
  std::size_t nodes_ = 0, libraries_ = 0;
  unsigned said_ = 0;
};

class Params {
 public:
  Params(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    c_.skip(16);
    std::uint64_t n = c_.count<4>(c_.le<std::uint64_t>());
    for (std::uint64_t i = 0; i < n && c_.ok() && !stopped_ && sink_.next(); ++i) array();
    if (!stopped_) names();
    for (std::size_t i = 0; i < found_.size() && i < max_tensor_facts; ++i) {
      Fact f{"tensor", {}, {found_[i].at, 0}, "array " + printable(found_[i].name, 80)};
      f.set("name", found_[i].name.substr(0, 200)).set("dtype", found_[i].type);
      f.set("shape", found_[i].shape).set("bytes", std::to_string(found_[i].bytes));
      sink_.add(std::move(f));
    }
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(8, a_.bytes.size())},
           "MXNet parameters: " + std::to_string(n) + " arrays"};
    f.set("format", "mxnet-params").set("name", file_name(a_.name)).set("loader", "mxnet");
    sink_.add(std::move(f));
    if (c_.ok() && !stopped_ && c_.left() > 0) {
      std::uint64_t at = c_.offset(), left = c_.left();
      sink_.anomaly("trailing-data", std::to_string(left) + " bytes behind the names", {at, left});
      sink_.child(a_, "tail", c_.take(left), a_.owner);
    }
    sink_.finish(c_);
  }

 private:
  struct Array {
    std::string name, type, shape;
    std::uint64_t at, bytes;
  };

  void array() {
    std::uint64_t at = c_.offset();
    auto mark = c_.le<std::uint32_t>();
    bool v1 = mark == 0xF993FAC8, v2 = mark == 0xF993FAC9, v3 = mark == 0xF993FACA;
    if (v2 || v3) {
      if (c_.le<std::uint32_t>() != 0 && c_.ok()) {
        stopped_ = true;
        return sink_.partly("a sparse array");
      }
    }
    std::uint64_t dims = v1 || v2 || v3 ? c_.le<std::uint32_t>() : mark;
    unsigned width = v1 || v2 || v3 ? 8 : 4;
    if (v3 && dims == 0xFFFFFFFFU) dims = 0;
    if (dims > 32) return c_.fail("an array of that many dimensions");
    std::uint64_t elements = 1;
    bool overflows = false;
    std::string shape;
    for (std::uint64_t i = 0; i < dims && c_.ok(); ++i) {
      std::uint64_t d = width == 8 ? c_.le<std::uint64_t>() : c_.le<std::uint32_t>();
      overflows =
          overflows || __builtin_mul_overflow(elements, d, &elements) || elements > (1ULL << 60U);
      shape += (i == 0 ? "" : ",") + std::to_string(d);
    }
    std::uint64_t bytes = 0;
    std::string type = "none";
    if (dims != 0 || v3) {
      c_.skip(8);  // the device
      auto t = c_.le<std::uint32_t>();
      if (c_.ok() && t >= std::size(types)) return c_.fail("a type that does not exist");
      type = types[t].name;
      bytes = elements * types[t].bytes;
    }
    if (c_.ok() && (overflows || bytes > c_.left())) {
      sink_.anomaly("overflow",
                    "an array [" + shape + "] in " + std::to_string(c_.left()) + " bytes", {at, 0});
      return c_.fail("count larger than the input");
    }
    c_.skip(bytes);
    if (c_.ok()) found_.push_back({"", type, shape, at, bytes});
  }

  void names() {
    std::uint64_t n = c_.count<8>(c_.le<std::uint64_t>());
    for (std::uint64_t i = 0; i < n && c_.ok() && sink_.next(); ++i) {
      auto length = c_.le<std::uint64_t>();
      std::string_view s = c_.text(length);
      if (i < found_.size()) found_[i].name = std::string(s.substr(0, 200));
    }
    if (c_.ok() && n != 0 && n != found_.size())
      sink_.anomaly("malformed",
                    std::to_string(n) + " names for " + std::to_string(found_.size()) + " arrays",
                    {c_.offset(), 0});
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
  std::vector<Array> found_;
  bool stopped_ = false;
};

void parse(const Artifact& a, Sink& sink) {
  sink.is("mxnet");
  if (is_params(a))
    Params(a, sink).run();
  else
    Symbol(a, sink).run();
}

}  // namespace

extern const Format mxnet;
const Format mxnet{"mxnet",
                   1,
                   "MXNet graphs and parameters: custom and native operators, arrays",
                   "https://github.com/apache/mxnet/blob/master/src/ndarray/ndarray.cc",
                   recognises,
                   parse};

}  // namespace parapet::formats
