// skops models: a zip whose schema.json is a tree of nodes {"__class__", "__module__",
// "__loader__", "content" …}. The loader checks names against a list of trusted ones and then
// imports and builds; three nodes were made to build something else than they show:
// OperatorFuncNode (CVE-2025-54412), MethodNode (CVE-2025-54413).
// https://skops.readthedocs.io/en/stable/persistence.html
#include <algorithm>
#include <set>

#include "base/text.h"
#include "formats/config/named_call.h"
#include "formats/format.h"
#include "formats/pickle/policy.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 64U << 20U;
constexpr std::size_t most_calls = 1000;

// The loaders that skops has; another name fails to load, or is of a version that is not known
// here.
constexpr std::string_view loaders[] = {"ObjectNode",
                                        "MethodNode",
                                        "TypeNode",
                                        "FunctionNode",
                                        "PartialNode",
                                        "OperatorFuncNode",
                                        "ReduceNode",
                                        "SliceNode",
                                        "DictNode",
                                        "DefaultDictNode",
                                        "OrderedDictNode",
                                        "ListNode",
                                        "SetNode",
                                        "TupleNode",
                                        "BytesNode",
                                        "BytearrayNode",
                                        "JsonNode",
                                        "CachedNode",
                                        "NdArrayNode",
                                        "MaskedArrayNode",
                                        "RandomStateNode",
                                        "RandomGeneratorNode",
                                        "DtypeNode",
                                        "SparseMatrixNode",
                                        "DatetimeTimedeltaNode",
                                        "TreeNode",
                                        "LossNode",
                                        "UfuncNode",
                                        "QuantileForestNode",
                                        "_DictWithDeprecatedKeysNode",
                                        "SGDNode",
                                        "NodeV0"};

// What `operator` holds that only computes on what it is given.
constexpr std::string_view plain_operators[] = {
    "add", "sub", "mul", "truediv", "eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "itemgetter"};

bool recognises(const Artifact& a) {
  if (file_name(a.name) != "schema.json") return false;
  std::string_view text = as_text(a.bytes);
  std::string_view tail = text.substr(text.size() - std::min<std::size_t>(text.size(), 16384));
  return contains(text.substr(0, 4096), "\"__loader__\"") || contains(tail, "\"__loader__\"") ||
         contains(a.name, ".skops!/");
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    sink_.is("skops");
    std::string_view text = as_text(a_.bytes);
    if (text.size() > longest) return sink_.partly("longer than 64 MiB");
    std::size_t count = 0;
    Parsed parsed = parse_json(text, [&] { return ++count < 2'000'000 && sink_.next(); });
    if (!parsed.ok()) {
      sink_.anomaly("malformed", parsed.problem, parsed.problem_at);
      sink_.partly(parsed.problem);
    }
    if (parsed.documents.empty()) return;
    const Node& root = parsed.documents[0].root;
    walk(root, "", 0);
    Fact f{"model", {}, root.place(), "a skops model: " + printable(full_name(root), 100)};
    f.set("format", "skops").set("name", file_name(a_.name)).set("loader", "skops");
    f.set("version", root.text_at("_skops_version").substr(0, 40));
    sink_.add(std::move(f));
    if (calls_ > most_calls) sink_.partly("more nodes than are listed");
  }

 private:
  static std::string full_name(const Node& n) {
    return std::string(n.text_at("__module__")) + "." + std::string(n.text_at("__class__"));
  }

  void walk(const Node& n, const std::string& path, unsigned depth) {
    if (depth > 150 || !sink_.next()) return;
    if (n.is_map() && n.at("__loader__") != nullptr) node(n, path);
    for (std::size_t i = 0; i < n.items.size(); ++i) {
      if (n.items[i].items.empty()) continue;
      std::string step = n.is_map() ? n.keys[i].text.substr(0, 60) : std::to_string(i);
      walk(n.items[i],
           path.size() > 300 ? path
           : path.empty()    ? step
                             : path + "." + step,
           depth + 1);
    }
  }

  void hidden(const Node& n, const std::string& path, std::string_view loader,
              std::string_view name, const std::string& why) {
    if (++calls_ > most_calls) return;
    Fact f{"call", {}, n.place(path), printable(name, 100) + ": " + why};
    f.set("name", name.substr(0, 300)).set("via", "skops").set("how", loader);
    f.set("verdict", "dangerous").set("why", why).set("args", "");
    sink_.add(std::move(f));
  }

  void node(const Node& n, const std::string& path) {
    std::string_view loader = n.text_at("__loader__");
    if (std::find(std::begin(loaders), std::end(loaders), loader) == std::end(loaders) &&
        unknown_.size() < 8 && unknown_.insert(std::string(loader)).second)
      sink_.partly("the loader " + printable(loader, 60) + " is not known");
    if (loader == "OperatorFuncNode") return operator_node(n, path);
    if (loader == "MethodNode") return method(n, path);
    // What a function's or a type's node shows of itself is "builtins.function" or "builtins.type".
    const Node* content = n.at("content");
    if (content != nullptr && loader == "FunctionNode")
      return imported(content->text_at("module_path"), content->text_at("function"), loader, n,
                      path);
    if (content != nullptr && loader == "TypeNode")
      return imported(content->text_at("__module__"), content->text_at("__class__"), loader, n,
                      path);
    imported(n.text_at("__module__"), n.text_at("__class__"), loader, n, path);
  }

  void imported(std::string_view module, std::string_view kind, std::string_view loader,
                const Node& n, const std::string& path) {
    std::string name = std::string(module) + "." + std::string(kind);
    if (!seen_.insert(std::string(loader) + " " + name).second) return;
    pickle::Judgement j = pickle::judge(module, kind);
    // Only what is worth a word: every model is full of numpy and sklearn.
    if (j.verdict == pickle::Verdict::safe || loader == "JsonNode" || ++calls_ > most_calls) return;
    config::add_call(sink_, name, "skops", loader, n.place(path), nullptr);
  }

  // Imports `operator` and takes the class's name from it, whatever module the node shows.
  void operator_node(const Node& n, const std::string& path) {
    std::string_view kind = n.text_at("__class__"), module = n.text_at("__module__");
    if (module != "operator" && module != "_operator")
      return hidden(n, path, "OperatorFuncNode", "operator." + std::string(kind),
                    "shown as " + printable(module, 60) + "." + printable(kind, 40) +
                        ", built from the module operator");
    if (kind == "methodcaller" || kind == "attrgetter" || kind == "call")
      return hidden(n, path, "OperatorFuncNode", "operator." + std::string(kind),
                    "fetches an attribute or calls a method of whatever it is given");
    if (std::find(std::begin(plain_operators), std::end(plain_operators), kind) ==
        std::end(plain_operators))
      config::add_call(sink_, "operator." + std::string(kind), "skops", "OperatorFuncNode",
                       n.place(path), nullptr);
  }

  // {"content": {"func": NAME, "obj": {node}}}: the loader checks what the node shows and takes
  // NAME from the object inside.
  void method(const Node& n, const std::string& path) {
    const Node* content = n.at("content");
    if (content == nullptr) return;
    std::string_view function = content->text_at("func");
    const Node* object = content->at("obj");
    if (object != nullptr && full_name(*object) != full_name(n) &&
        object->at("__class__") != nullptr)
      return hidden(
          n, path, "MethodNode", full_name(*object) + "." + std::string(function),
          "shown as a method of " + printable(full_name(n), 80) + ", taken from another object");
    if (contains(function, ".") || function.starts_with("__"))
      hidden(n, path, "MethodNode", full_name(n) + "." + std::string(function),
             "the name of the method leads through other attributes");
  }

  const Artifact& a_;
  Sink& sink_;
  std::set<std::string> seen_, unknown_;
  std::size_t calls_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format skops;
const Format skops{"skops",
                   1,
                   "skops models: what is imported, nodes that hide what they build",
                   "https://skops.readthedocs.io/en/stable/persistence.html",
                   recognises,
                   parse};

}  // namespace parapet::formats
