// What Orbax and Zarr write beside a JAX checkpoint's arrays, all JSON: _CHECKPOINT_METADATA (who
// restores each item), _METADATA (the tree of arrays), .zarray / zarr.json / .zmetadata (an array's
// shape, type and codecs) and the TensorStore specs in them. A codec "pickle" unpickles every
// chunk. https://orbax.readthedocs.io/en/latest/guides/checkpoint/checkpoint_format.html,
// https://zarr-specs.readthedocs.io/
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/reference/reference.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 32U << 20U;
constexpr std::size_t most_facts = 500;

bool recognises(const Artifact& a) {
  static constexpr std::string_view names[] = {
      "_METADATA", "_CHECKPOINT_METADATA", ".zarray", ".zmetadata", "zarr.json", "_sharding"};
  std::string_view name = file_name(a.name);
  if (std::find(std::begin(names), std::end(names), name) == std::end(names)) return false;
  std::string_view text = trim(as_text(a.bytes).substr(0, 4096));
  return text.starts_with('{');
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    sink_.is("orbax");
    std::string_view text = as_text(a_.bytes);
    if (text.size() > longest) return sink_.partly("longer than 32 MiB");
    std::size_t nodes = 0;
    Parsed parsed = parse_json(text, [&] { return ++nodes < 1'000'000 && sink_.next(); });
    if (!parsed.ok()) {
      sink_.anomaly("malformed", parsed.problem, parsed.problem_at);
      sink_.partly(parsed.problem);
    }
    for (const Document& d : parsed.documents) {
      handlers(d.root.at("item_handlers"));
      walk(d.root, "", 0);
    }
    bool zarr = contains(file_name(a_.name), "z");
    Fact f{"model",
           {},
           {0, 0},
           zarr ? "the description of a Zarr array" : "the description of a JAX checkpoint"};
    f.set("format", zarr ? "zarr" : "orbax").set("name", file_name(a_.name));
    f.set("loader", zarr ? "zarr" : "orbax");
    sink_.add(std::move(f));
  }

 private:
  // A class, or a map of items to classes.
  void handlers(const Node* n) {
    if (n == nullptr) return;
    if (n->is_scalar()) return handler(*n, "item");
    for (std::size_t i = 0; n->is_map() && i < n->items.size() && sink_.next(); ++i)
      handler(n->items[i], n->keys[i].text);
  }
  void handler(const Node& n, std::string_view item) {
    if (!n.is_scalar() || n.text.empty() || ++facts_ > most_facts) return;
    bool own = n.text.starts_with("orbax.") || n.text.starts_with("flax.") ||
               n.text.starts_with("grain.") || n.text.starts_with("etils.");
    Fact f{"layer",
           {},
           n.place("item_handlers." + std::string(item)),
           "\"" + printable(item, 40) + "\" is restored by " + printable(n.text, 100)};
    f.set("framework", "orbax")
        .set("class", n.text.substr(0, 200))
        .set("name", item.substr(0, 100));
    if (!own) f.set("power", "custom");
    sink_.add(std::move(f));
  }

  void walk(const Node& n, const std::string& path, unsigned depth) {
    if (depth > 60 || !sink_.next()) return;
    if (n.is_map()) {
      codec(n, path);
      store(n, path);
      array(n, path);
    }
    for (std::size_t i = 0; i < n.items.size(); ++i) {
      if (n.items[i].is_scalar()) continue;
      std::string step = n.is_map() ? n.keys[i].text : std::to_string(i);
      walk(n.items[i],
           path.size() > 300 ? path
           : path.empty()    ? step
                             : path + "." + step,
           depth + 1);
    }
  }

  // {"id": "pickle"} of Zarr 2, {"name": "numcodecs.pickle"} of Zarr 3.
  void codec(const Node& n, const std::string& path) {
    for (std::string_view key : {"id", "name"}) {
      std::string_view id = n.text_at(key);
      if (id != "pickle" && id != "numcodecs.pickle" && id != "dill") continue;
      Fact f{"layer", {}, n.place(path), "every chunk of the array is a pickle"};
      f.set("framework", "zarr").set("class", "pickle").set("name", path.substr(0, 100));
      f.set("power", "executes-code");
      if (++facts_ <= most_facts) sink_.add(std::move(f));
    }
  }

  // A TensorStore spec: {"driver": "zarr", "kvstore": {"driver": "file", "path": …}}.
  void store(const Node& n, const std::string& path) {
    const Node* kv = n.at("kvstore");
    if (kv == nullptr) return;
    std::string target = kv->is_scalar() ? kv->text : std::string(kv->text_at("path"));
    std::string_view driver = kv->text_at("driver");
    std::string_view base = kv->text_at("base_url");
    if (!base.empty()) target = std::string(base) + target;
    if (target.empty() || ++facts_ > most_facts) return;
    Fact f{"reference", {}, kv->place(path), "arrays are read from " + printable(target, 120)};
    f.set("what", "external-data").set("target", target.substr(0, 400)).set("format", "orbax");
    std::string_view problem = reference::problem_of(target);
    if (driver == "http" || driver == "s3" || driver == "gcs") problem = "url";
    if (!problem.empty()) f.set("problem", problem);
    sink_.add(std::move(f));
  }

  void array(const Node& n, const std::string& path) {
    const Node* shape = n.at("shape");
    std::string_view type = n.text_at("dtype");
    if (type.empty()) type = n.text_at("data_type");
    if (shape == nullptr || !shape->is_list() || type.empty() || ++facts_ > most_facts) return;
    std::string dimensions;
    std::uint64_t elements = 1;
    bool overflows = false;
    for (const Node& d : shape->items) {
      auto v = to_integer(d.text);
      overflows = overflows || !v || *v < 0 ||
                  __builtin_mul_overflow(elements, static_cast<std::uint64_t>(*v), &elements) ||
                  elements > (1ULL << 60U);
      if (dimensions.size() < 200) dimensions += (dimensions.empty() ? "" : ",") + d.text;
    }
    if (overflows)
      sink_.anomaly("overflow", "an array of the shape " + printable(dimensions, 80),
                    n.place(path));
    Fact f{"tensor",
           {},
           n.place(path),
           "array " + printable(path, 60) + " [" + printable(dimensions, 60) + "]"};
    f.set("name", path).set("dtype", type.substr(0, 40)).set("shape", dimensions);
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  std::size_t facts_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format orbax;
const Format orbax{
    "orbax",
    1,
    "Metadata of JAX checkpoints and Zarr arrays: handlers, codecs, stores",
    "https://orbax.readthedocs.io/en/latest/guides/checkpoint/checkpoint_format.html",
    recognises,
    parse};

}  // namespace parapet::formats
