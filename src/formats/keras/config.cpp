#include "formats/keras/config.h"

#include <map>
#include <set>

#include "base/base64.h"
#include "base/text.h"
#include "formats/keras/marshal.h"
#include "formats/keras/names.h"
#include "formats/reference/reference.h"
#include "syntax/json.h"

namespace parapet::keras {
namespace {

using pickle::Judgement;
using pickle::Verdict;

// Of one kind; what is dangerous has a limit of its own, so that nothing harmless crowds it out.
constexpr std::size_t most_facts = 2000;
constexpr unsigned most_texts = 3;  // configurations within texts of configurations
constexpr std::size_t most_nodes = 100'000;

// Classes of a configuration that stand for values, not for objects that are looked up.
bool is_value(std::string_view name) {
  for (std::string_view v : {"__bytes__", "__tensor__", "__numpy__", "__slice__", "__ellipsis__",
                             "__keras_tensor__", "__tuple__", "__dict__"})
    if (name == v) return true;
  return false;
}

std::string_view text_of(const Node& n, std::string_view key) {
  const Node* v = n.at(key);
  return v != nullptr && v->is_scalar() ? std::string_view(v->text) : std::string_view();
}

// Python's raw_unicode_escape, which marshalled code is written in where it is no base64.
std::string bytes_of(std::string_view s) {
  std::string out;
  while (!s.empty()) {
    std::uint32_t c = take_code_point(s);
    if (c < 256) out += static_cast<char>(c);
  }
  return out;
}

class Walk {
 public:
  Walk(const Artifact& a, Sink& sink) : artifact_(a), sink_(sink) {}

  void run(const Node& root) {
    Fact model{"model", {}, root.place(), "a Keras configuration"};
    model.set("format", "keras").set("framework", "keras").set("loader", "keras");
    if (const Node* n = root.find("config.name"); n != nullptr && n->is_scalar())
      model.set("name", n->text);
    // Said, and believed by nothing: the author of the file writes it.
    if (std::string_view v = text_of(root, "keras_version"); !v.empty()) model.set("version", v);
    sink_.add(std::move(model));
    visit(root, "");
    summary(root);
  }

 private:
  Place place(const Node& n) const {
    Place p = outer_ == nullptr ? n.place() : outer_->place();
    p.pointer = path_;
    return p;
  }

  void visit(const Node& n, const std::string& key) {
    if (!sink_.next()) return;
    std::size_t before = path_.size();
    if (!key.empty()) path_ += (path_.empty() || key[0] == '[' ? "" : ".") + key.substr(0, 100);
    if (n.is_map() && n.at("class_name") != nullptr) object(n);
    if (n.is_scalar()) nested_text(n);
    for (std::size_t i = 0; i < n.items.size(); ++i)
      visit(n.items[i], n.is_map() ? n.keys[i].text : "[" + std::to_string(i) + "]");
    path_.resize(before);
  }

  // A configuration may hold another one as text.
  void nested_text(const Node& n) {
    std::string_view s = trim(n.text);
    if (texts_ >= most_texts || !s.starts_with('{') || !contains(s, "class_name")) return;
    std::size_t nodes = 0;
    Parsed parsed = parse_json(n.text, [&] { return ++nodes < most_nodes && sink_.next(); });
    if (!parsed.ok()) return read_unstructured(n.text, n.offset, sink_);
    const Node* outside = outer_;
    if (outer_ == nullptr) outer_ = &n;
    ++texts_;
    for (const Document& d : parsed.documents) visit(d.root, "");
    --texts_;
    outer_ = outside;
  }

  void object(const Node& n) {
    std::string_view written = text_of(n, "class_name");
    if (written.empty() || is_value(written)) return;
    ++classes_[std::string(own_name(written).substr(0, 60))];
    const Node* config = n.at("config");
    if (written == "__lambda__") {
      if (!done_.contains(&n)) lambda(n, code_in(config), nullptr, {});
    } else if (written == "function") {
      std::string_view name =
          config != nullptr && config->is_scalar() ? config->text : text_of(n, "registered_name");
      function(n, text_of(n, "module"), name);
    } else if (written == "__typespec__") {
      class_of(n, text_of(n, "spec_name"));
    } else {
      class_of(n, written);
    }
  }

  // --- code that travels

  // The marshalled code of a function: {"code"} or {"value"} of a __lambda__, or the first of
  // [code, defaults, closure] in old files.
  static const Node* code_in(const Node* n) {
    if (n == nullptr) return nullptr;
    if (n->is_list()) return n->items.empty() ? nullptr : code_in(&n->items[0]);
    if (n->is_scalar()) return n;
    for (std::string_view key : {"code", "value", "config"})
      if (const Node* inner = n->at(key)) return code_in(inner);
    return nullptr;
  }

  void lambda(const Node& n, const Node* code, const Node* config, std::string_view registered) {
    Fact f = layer(n, text_of(n, "class_name"), registered, "executes-code");
    f.set("code", "yes");
    std::string_view name = config != nullptr ? text_of(*config, "name") : std::string_view();
    f.says = (config != nullptr ? "Lambda layer \"" + printable(name, 60) + "\"" : "a lambda") +
             std::string(" brings Python code of its own");
    if (code != nullptr) {
      auto plain = decode_base64(code->text);
      std::string bytes = plain ? std::move(*plain) : bytes_of(code->text);
      MarshalledCode in = read_marshalled_code(as_bytes(bytes), sink_.budget());
      describe(in, f);
      if (!in.whole)
        sink_.partly("the code of a lambda is not marshalled in a way that is known here");
    }
    add(std::move(f));
  }

  static void describe(const MarshalledCode& in, Fact& f) {
    std::vector<std::string> out;
    auto reaches = [](std::string_view s) {
      for (std::string_view word : {"os", "shutil", "open", "nt", "sys", "getattr", "webbrowser"})
        if (s == word) return true;
      return pickle::reaches_out(s);
    };
    for (const auto* list : {&in.names, &in.texts})
      for (std::size_t i = 0; i < list->size(); ++i) {
        if (i < 40) f.set("text", (*list)[i]);
        bool leads_out =
            reaches((*list)[i]) || (list == &in.texts && !pickle::attack_in((*list)[i]).empty());
        if (leads_out && out.size() < 16) out.push_back(printable((*list)[i], 60));
      }
    for (const std::string& s : out) f.set("reaches", s);
    if (!out.empty()) f.says += " that uses " + join(out, ", ");
  }

  // --- names that are looked up

  Fact layer(const Node& n, std::string_view cls, std::string_view registered,
             std::string_view power) {
    Fact f{"layer", {}, place(n), {}};
    f.set("framework", "keras").set("class", cls.substr(0, 200));
    if (std::string_view module = text_of(n, "module"); !module.empty())
      f.set("module", module.substr(0, 200));
    if (!registered.empty()) f.set("registered_name", registered.substr(0, 200));
    if (const Node* config = n.at("config"); config != nullptr && config->is_map())
      if (std::string_view name = text_of(*config, "name"); !name.empty())
        f.set("name", name.substr(0, 200));
    f.set("path", path_.substr(0, 400));
    if (!power.empty()) f.set("power", power);
    return f;
  }

  void add(Fact f) {
    bool grave =
        f.get("power") == "executes-code" || f.get("verdict") == "dangerous" || f.has("problem");
    std::size_t& n = told_[f.kind + (grave ? "!" : "")];
    if (++n <= most_facts) sink_.add(std::move(f));
    if (n == most_facts + 1)
      sink_.partly("only the first " + std::to_string(most_facts) + " facts of a kind are listed");
  }

  void class_of(const Node& n, std::string_view written) {
    std::string_view module = text_of(n, "module"), registered = text_of(n, "registered_name");
    std::string_view name = own_name(written);
    const Node* config = n.at("config");
    bool lower_case = !name.empty() && (lower(name[0]) == name[0]);
    bool keras = is_keras_module(module);
    if (module.empty() && written.size() > name.size() && written.find('>') == written.npos) {
      module = written.substr(0, written.size() - name.size() - 1);
      keras = is_keras_module(module);
    }
    files_read(n, config, name);
    if (name == "Lambda" && config != nullptr && config->is_map()) return lambda_layer(n, *config);
    if (name == "TorchModuleWrapper") return torch_module(n, config);
    // An operator of TensorFlow by the name that its module exports it under.
    if ((name == "TFOpLambda" || name == "SlicingOpLambda") && config != nullptr)
      if (Judgement j = judge_operator(text_of(*config, "function"));
          j.verdict == Verdict::dangerous)
        return import(n, "tensorflow", text_of(*config, "function"), j);
    if (name == "TFSMLayer") {
      Fact f = layer(n, written, registered, "custom");
      f.says = "a layer that loads a TensorFlow SavedModel from another place";
      return add(std::move(f));
    }
    // A name of a function where a class should be is looked up all the same.
    if ((keras || module == "builtins") && lower_case) return function(n, module, name);
    if (!module.empty() && !keras) {
      Judgement j = pickle::judge(module, name);
      // A class of a library is built through from_config, which dangerous ones do not have; what
      // the library's name stands for is said below.
      if (j.verdict == Verdict::dangerous && (j.standard_library || lower_case))
        return import(n, module, name, j);
    }
    std::string_view package = package_of(registered.empty() ? written : registered);
    bool custom = !package.empty() ? !is_keras_module(lower(package)) && package != "Addons"
                                   : !keras && !(is_builtin_class(name) && module.empty());
    if (!custom) return;
    Fact f = layer(n, written, registered, "custom");
    f.says = printable(registered.empty() ? written : registered, 80) +
             (module.empty() ? "" : " of " + printable(module, 80)) +
             " is not one of Keras: the program that loads the file must bring it";
    add(std::move(f));
  }

  void lambda_layer(const Node& n, const Node& config) {
    const Node* code = nullptr;
    for (std::string_view key : {"function", "output_shape", "mask"}) {
      const Node* f = config.at(key);
      if (f == nullptr) continue;
      bool lambda = f->is_map() && text_of(*f, "class_name") == "__lambda__";
      bool old = f->is_list() && text_of(config, std::string(key) + "_type") == "lambda";
      bool untold = key == "function" && f->is_list() && !config.at("function_type");
      if (lambda) done_.insert(f);
      if (!lambda && !old && !untold) continue;
      // Each of the three may bring its own; the one that reaches furthest is not known before.
      this->lambda(n, code_in(lambda ? f->at("config") : f), &config,
                   text_of(n, "registered_name"));
      code = f;
    }
    if (code != nullptr) return;
    const Node* f = config.at("function");
    std::string_view module = text_of(config, "module");
    if (f != nullptr && f->is_scalar() && !module.empty() && module != "__main__")
      function(n, module, f->text);
    Fact out = layer(n, text_of(n, "class_name"), text_of(n, "registered_name"), "custom");
    out.says = "a Lambda layer whose function the program that loads the file must bring";
    add(std::move(out));
  }

  // torch.save of a module as base64, or as __bytes__ in files of the first versions.
  void torch_module(const Node& n, const Node* config) {
    Fact f = layer(n, text_of(n, "class_name"), text_of(n, "registered_name"), "executes-code");
    f.says = "a PyTorch module as a pickle within the configuration";
    const Node* module = config != nullptr ? config->at("module") : nullptr;
    if (module != nullptr && module->is_map()) module = module->find("config.value");
    if (module != nullptr && module->is_scalar() && !module->text.empty()) {
      f.set("code", "yes");
      auto plain = decode_base64(module->text);
      auto owner =
          std::make_shared<const std::string>(plain ? std::move(*plain) : bytes_of(module->text));
      sink_.child(artifact_, path_ + ".module", as_bytes(*owner), owner);
    }
    add(std::move(f));
  }

  // Vocabularies given as a path, and weights of other files, are opened when the layer is built.
  void files_read(const Node& n, const Node* config, std::string_view name) {
    if (config == nullptr || !config->is_map()) return;
    static constexpr std::string_view keys[] = {"vocabulary", "vocabulary_path", "vocabulary_file",
                                                "merges",     "idf_weights",     "filepath"};
    for (std::string_view key : keys) {
      const Node* v = config->at(key);
      if (v == nullptr || !v->is_scalar() || !v->quoted || v->text.empty()) continue;
      refer("external-data", n, name, *v,
            printable(name, 60) + " reads its " + std::string(key) + " from " +
                printable(v->text, 160));
    }
  }

  void refer(std::string_view what, const Node& n, std::string_view object, const Node& target,
             std::string says) {
    Fact f{"reference", {}, place(n), std::move(says)};
    f.set("what", what).set("target", target.text.substr(0, 1000)).set("object", object);
    f.set("format", "keras");
    if (std::string_view p = reference::problem_of(target.text); !p.empty()) f.set("problem", p);
    add(std::move(f));
  }

  // A function is looked up by module and name, and imported; where a layer should be it is also
  // called, with the arguments of its inbound nodes.
  void function(const Node& n, std::string_view module, std::string_view name) {
    if (module.empty()) {
      if (std::string_view package = package_of(text_of(n, "registered_name"));
          !package.empty() && !is_keras_module(lower(package))) {
        Fact f = layer(n, "function", text_of(n, "registered_name"), "custom");
        f.says = "the function " + printable(name, 80) + " is not one of Keras";
        add(std::move(f));
      }
      return;
    }
    Judgement j = judge_function(module, name);
    bool called = calls(n, module, name, j);
    if (j.verdict != Verdict::safe || called) import(n, module, name, j);
  }

  static std::string dotted(std::string_view module, std::string_view name) {
    return std::string(module.substr(0, 200)) + "." + std::string(name.substr(0, 200));
  }

  void import(const Node& n, std::string_view module, std::string_view name, const Judgement& j) {
    Fact f{"import", {}, place(n), {}};
    f.set("name", dotted(module, name)).set("module", module.substr(0, 200)).set("via", "keras");
    f.set("verdict", pickle::to_text(j.verdict)).set("why", j.why);
    f.says = "the configuration names " + printable(dotted(module, name), 120) + ": " + j.why;
    add(std::move(f));
    calls(n, module, name, j, true);
  }

  bool calls(const Node& n, std::string_view module, std::string_view name, const Judgement& j,
             bool report = false) {
    const Node* nodes = n.at("inbound_nodes");
    if (nodes == nullptr || nodes->items.empty()) return false;
    if (!report) return true;
    Fact f{"call", {}, place(*nodes), {}};
    f.set("name", dotted(module, name)).set("via", "keras");
    std::vector<std::string> args;
    arguments(n, name, *nodes, args, 0);
    f.set("args", join(args, ", "));
    f.set("verdict", pickle::to_text(j.verdict)).set("why", j.why);
    f.says = "loading calls " + printable(dotted(module, name), 100) + "(" +
             printable(join(args, ", "), 120) + ")";
    add(std::move(f));
    return true;
  }

  void arguments(const Node& n, std::string_view name, const Node& in,
                 std::vector<std::string>& out, unsigned depth) {
    if (depth > 8 || out.size() >= 16) return;
    if (in.is_scalar()) {
      out.push_back((in.quoted ? "'" : "") + printable(in.text, 80) + (in.quoted ? "'" : ""));
      if (contains(in.text, "://"))
        refer("download", n, name, in,
              printable(name, 60) + " is called with " + printable(in.text, 160));
    }
    for (const Node& item : in.items) arguments(n, name, item, out, depth + 1);
  }

  void summary(const Node& root) {
    std::string value;
    for (const auto& [name, count] : classes_) {
      if (value.size() > 400) break;
      value += (value.empty() ? "" : ", ") + name + " " + std::to_string(count);
    }
    if (value.empty()) return;
    Fact f{"metadata", {}, root.place(), "objects: " + printable(value, 160)};
    f.set("key", "objects").set("value", value).set("format", "keras");
    sink_.add(std::move(f));
  }

  const Artifact& artifact_;
  Sink& sink_;
  std::string path_;
  const Node* outer_ = nullptr;  // the text that the nodes which are walked were read from
  unsigned texts_ = 0;
  std::set<const Node*> done_;
  std::map<std::string, std::size_t> classes_;
  std::map<std::string, std::size_t> told_;
};

}  // namespace

void read_config(const Artifact& a, Sink& sink, const Node& root) { Walk(a, sink).run(root); }

void read_unstructured(std::string_view text, std::uint64_t offset, Sink& sink) {
  struct Mark {
    std::string_view text, cls, says;
  };
  static constexpr Mark marks[] = {
      {"__lambda__", "__lambda__",
       "a lambda stands where the configuration cannot be read as a tree"},
      {"Lambda\"", "Lambda",
       "a Lambda layer stands where the configuration cannot be read as a tree"},
      {"TorchModuleWrapper", "TorchModuleWrapper",
       "a pickled PyTorch module stands where the configuration cannot be read as a tree"},
      {"enable_unsafe_deserialization", "function",
       "the switch of Keras's protection stands where the configuration cannot be read as a tree"},
      {"get_file", "function",
       "a download stands where the configuration cannot be read as a tree"}};
  for (const Mark& m : marks) {
    auto at = text.find(m.text);
    if (at == std::string_view::npos) continue;
    Fact f{"layer", {}, {offset + at, m.text.size(), 0, 0, {}}, std::string(m.says)};
    f.set("framework", "keras")
        .set("class", m.cls)
        .set("power", "executes-code")
        .set("code", "yes");
    sink.add(std::move(f));
  }
}

}  // namespace parapet::keras
