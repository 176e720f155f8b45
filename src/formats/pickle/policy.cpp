#include "formats/pickle/policy.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "formats/pickle/names.h"

namespace parapet::pickle {
namespace {

// Modules that somebody's attribute path may lead into, by their bare name.
constexpr std::string_view core_modules =
    " os sys subprocess builtins importlib posix nt socket shutil pickle marshal ctypes commands "
    "pty runpy pip ";

template <class F>
void each_word(std::string_view words, F f) {
  for (auto w : split(words, ' '))
    if (!w.empty()) f(w);
}

std::string key_of(std::string_view module, std::string_view name) {
  return std::string(module) + '\0' + std::string(name);
}

struct Tables {
  std::unordered_map<std::string, Does> dangerous;       // module and name
  std::unordered_map<std::string_view, Does> whole;      // module
  std::unordered_map<std::string, const SafeRow*> safe;  // module and name
  std::unordered_map<std::string, Gadget> gadget;

  Tables() {
    for (auto rows : {dangerous_names(), dangerous_library_names()})
      for (const auto& row : rows)
        each_word(row.names, [&](std::string_view n) {
          if (n == "*")
            whole.emplace(row.module, row.does);
          else
            dangerous.emplace(key_of(row.module, n), row.does);
        });
    for (auto rows : {safe_names(), safe_library_names()})
      for (const auto& row : rows)
        each_word(row.names,
                  [&](std::string_view n) { safe.emplace(key_of(row.module, n), &row); });
    for (const auto& row : gadgets())
      each_word(row.names,
                [&](std::string_view n) { gadget.emplace(key_of(row.module, n), row.gadget); });
  }
  // The module itself or the nearest one above it that is dangerous as a whole.
  const Does* whole_module(std::string_view module) const {
    for (;;) {
      if (auto it = whole.find(module); it != whole.end()) return &it->second;
      auto dot = module.rfind('.');
      if (dot == std::string_view::npos) return nullptr;
      module = module.substr(0, dot);
    }
  }
  // The name, or a class or function that it is an attribute of.
  const Does* named(std::string_view module, std::string_view name) const {
    for (;;) {
      if (auto it = dangerous.find(key_of(module, name)); it != dangerous.end()) return &it->second;
      auto dot = name.rfind('.');
      if (dot == std::string_view::npos) return nullptr;
      name = name.substr(0, dot);
    }
  }
};

const Tables& tables() {
  static const Tables t;
  return t;
}

std::string_view root_of(std::string_view module) { return module.substr(0, module.find('.')); }
bool is_dunder(std::string_view part) {
  return part.size() > 4 && part.starts_with("__") && part.ends_with("__");
}

// `numpy` `_typing.get_type_hints`: writers name classes, their methods and plain functions. A path
// that starts with something else leads through what the module imported.
bool leads_through_module(std::string_view name) {
  return name.find('.') != std::string_view::npos && !is_class_name(name.substr(0, name.find('.')));
}

Judgement judged(Verdict v, std::string why) {
  Judgement j;
  j.verdict = v;
  j.why = std::move(why);
  return j;
}
Judgement dangerous(std::string why) { return judged(Verdict::dangerous, std::move(why)); }

// `random` `_os.system`: one part of the path is a module of its own, reached through this one.
bool leads_elsewhere(std::string_view module, std::string_view name, Judgement& out) {
  auto parts = split(name, '.');
  if (parts.size() > 8) {
    out = dangerous("an attribute path of " + std::to_string(parts.size()) +
                    " steps, which no pickle writer writes");
    return true;
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts.size(); at += parts[i].size() + 1, ++i) {
    auto part = parts[i];
    while (part.starts_with('_') && !is_dunder(part)) part.remove_prefix(1);
    if (is_dunder(parts[i]) || parts[i] == "__builtins__") {
      out = dangerous("reaches " + std::string(parts[i]) + ", the inside of the interpreter");
      return true;
    }
    std::string_view rest =
        i + 1 < parts.size() ? name.substr(at + parts[i].size() + 1) : std::string_view();
    bool alone = parts.size() == 1;
    bool is_module = alone ? listed(core_modules, part)
                           : is_standard_library(part) && tables().whole_module(part) != nullptr;
    if (part == "builtins") is_module = true;
    if (!is_module || part == root_of(module)) continue;
    if (rest.empty()) {
      out = dangerous("hands out the module " + std::string(part));
      return true;
    }
    Judgement inner = judge(part, rest);
    if (inner.verdict == Verdict::dangerous) {
      out = dangerous("reaches " + std::string(part) + "." + std::string(rest) + ", which " +
                      inner.why);
      return true;
    }
  }
  // A submodule by attributes: `torch` `hub.load`.
  std::string deeper(module);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    deeper += "." + std::string(parts[i]);
    std::string_view rest =
        name.substr(static_cast<std::size_t>(parts[i + 1].data() - name.data()));
    const Does* d = tables().named(deeper, rest);
    if (d == nullptr && tables().whole.contains(deeper)) d = &tables().whole.at(deeper);
    if (d != nullptr) {
      out = dangerous(std::string(to_text(*d)));
      return true;
    }
  }
  // A lower-case start is a module or a function, and no writer names attributes of those.
  if (parts.size() > 1 && !parts[0].empty() && !is_class_name(parts[0]) && parts[0][0] == '_' &&
      is_standard_library(module)) {
    out = dangerous("leads out of its module through " + std::string(parts[0]));
    return true;
  }
  return false;
}

}  // namespace

std::string_view to_text(Verdict v) {
  switch (v) {
    case Verdict::safe:
      return "safe";
    case Verdict::unknown:
      return "unknown";
    case Verdict::suspicious:
      return "suspicious";
    case Verdict::dangerous:
      return "dangerous";
  }
  return {};
}

std::string_view to_text(How how) {
  switch (how) {
    case How::import:
      return "import";
    case How::reduce:
      return "reduce";
    case How::newobj:
      return "newobj";
    case How::newobj_ex:
      return "newobj_ex";
    case How::obj:
      return "obj";
    case How::inst:
      return "inst";
    case How::reconstructor:
      return "reconstructor";
    case How::build:
      return "build";
    case How::setitem:
      return "setitem";
  }
  return {};
}

bool is_dangerous_module(std::string_view module) {
  return tables().whole_module(module) != nullptr;
}

Judgement judge(std::string_view module, std::string_view name) {
  auto [m, n] = python3_name(module, name);
  const Tables& t = tables();
  if (m == "?" || n == "?") {
    if (n.starts_with("extension "))
      return judged(Verdict::unknown,
                    "a number that the loading process's own registry turns into a name");
    return judged(Verdict::unknown, "a name that is worked out while loading");
  }
  Judgement j;
  j.standard_library = is_standard_library(m);
  if (auto it = t.gadget.find(key_of(m, n)); it != t.gadget.end()) j.gadget = it->second;
  auto with = [&](Verdict v, std::string why) {
    j.verdict = v;
    j.why = std::move(why);
    return j;
  };
  if (n.empty()) {
    if (is_dangerous_module(m) || m == "builtins")
      return with(Verdict::dangerous, "hands out the module " + std::string(m));
    return with(Verdict::unknown, "hands out a module");
  }
  if (const Does* d = t.named(m, n)) return with(Verdict::dangerous, std::string(to_text(*d)));
  if (auto it = t.safe.find(key_of(m, n)); it != t.safe.end()) {
    j.shapes = it->second->shapes;
    return with(Verdict::safe, std::string(it->second->what));
  }
  // A member of an enumeration by name: getattr(http.HTTPStatus, 'OK').
  if (auto dot = n.find('.'); dot != std::string_view::npos && n.rfind('.') == dot) {
    auto it = t.safe.find(key_of(m, n.substr(0, dot)));
    auto member = n.substr(dot + 1);
    if (it != t.safe.end() && it->second->what == "enumeration" && !member.empty() &&
        member[0] != '_')
      return with(Verdict::safe, "member of an enumeration");
  }
  // getattr(object, '__new__') and the like: makes an object without its constructor, as NEWOBJ.
  if (auto base = n.substr(0, n.find('.'));
      n.size() == base.size() + 8 && n.ends_with(".__new__")) {
    Judgement cls = judge(m, base);
    if (cls.verdict != Verdict::dangerous)
      return with(Verdict::unknown, "makes an object without its constructor");
  }
  if (m.starts_with("__torch__.") || m == "__torch__")
    return with(Verdict::safe, "class of TorchScript, whose code lies in the same archive");
  if (j.gadget == Gadget::code || j.gadget == Gadget::function)
    return with(Verdict::unknown, "rebuilds code that travels in the file");
  if (j.gadget == Gadget::dynamic_class)
    return with(Verdict::unknown, "rebuilds a class that travels in the file");
  if (j.gadget == Gadget::import_module && (m == "cloudpickle.cloudpickle" || m == "dill._dill"))
    return with(Verdict::unknown, "imports the module that a travelling function uses");
  if (j.gadget == Gadget::named_type) return with(Verdict::unknown, "names a built-in type");
  if (j.gadget == Gadget::ufunc)
    return with(Verdict::unknown, "fetches a mathematical function by its name");
  if (j.gadget == Gadget::partial) return with(Verdict::unknown, "binds arguments to a function");
  if (j.gadget == Gadget::type_of) return with(Verdict::unknown, "the type of types");
  if (j.gadget == Gadget::getattr)
    return with(Verdict::dangerous, "fetches any attribute of anything");
  Judgement elsewhere;
  if (leads_elsewhere(m, n, elsewhere)) {
    elsewhere.gadget = j.gadget;
    return elsewhere;
  }
  if (const Does* d = t.whole_module(m)) {
    j.construct_only =
        !j.standard_library && is_class_name(n) && n.find('.') == std::string_view::npos;
    return with(Verdict::dangerous, std::string(to_text(*d)));
  }
  if (m == "__main__") return with(Verdict::unknown, "defined by the script that wrote the file");
  if (n.find('.') == std::string_view::npos && is_class_name(n))
    for (const auto& lib : construct_only_libraries())
      if (m == lib.module || (m.starts_with(lib.module) && m[lib.module.size()] == '.')) {
        j.construct_only = true;
        return with(Verdict::safe, std::string(lib.what) + ", only constructed");
      }
  if (n.starts_with("__pyx_unpickle_") && n.find('.') == std::string_view::npos) {
    static constexpr std::string_view cython =
        " sklearn scipy pandas numpy statsmodels gensim lightgbm xgboost catboost spacy thinc ";
    if (listed(cython, root_of(m))) {
      j.shapes = "civ";  // class, checksum, state
      return with(Verdict::safe,
                  "Cython's own way to rebuild a class of " + std::string(root_of(m)));
    }
    return with(Verdict::unknown,
                "Cython's own way to rebuild a class of a package that is not known here");
  }
  if (m == "dill._dill" || m == "cloudpickle.cloudpickle")
    return with(Verdict::unknown, "rebuilds what belongs to a travelling function");
  static constexpr std::string_view known_libraries =
      " numpy scipy pandas sklearn torch torchvision torchaudio tensorflow keras jax transformers "
      "joblib xgboost lightgbm catboost "
      "statsmodels nltk spacy gensim PIL matplotlib h5py onnx timm ";
  bool known = listed(known_libraries, root_of(m));
  if (named_dangerously(n, false))
    return with(Verdict::dangerous,
                "is named like a function that runs, loads or fetches something");
  j.sounds_dangerous = known && named_dangerously(n, true);
  if (leads_through_module(n) && !t.safe.contains(key_of(m, n.substr(0, n.find('.')))))
    return with(Verdict::unknown, "an attribute path that no pickle writer writes");
  if (j.standard_library)
    return with(Verdict::unknown, "part of the standard library that pickles do not usually name");
  if (known)
    return with(Verdict::unknown,
                "not a name that " + std::string(root_of(m)) + " writes into its own files");
  return with(Verdict::unknown, "code of a package that is not known here");
}

bool constructs(How how) {
  return how == How::newobj || how == How::newobj_ex || how == How::reconstructor ||
         how == How::import;
}

Judgement judge_use(const Judgement& alone, How how, bool fits, bool one_constant) {
  Judgement j = alone;
  bool runs = !constructs(how);
  auto with = [&](Verdict v, std::string why) {
    j.verdict = v;
    j.why = std::move(why);
    return j;
  };
  if (j.construct_only && j.verdict == Verdict::safe && runs)
    return with(Verdict::unknown, j.why.substr(0, j.why.find(',')) +
                                      ", whose constructor runs with arguments of the file");
  if (j.construct_only && j.verdict == Verdict::dangerous && (!runs || one_constant))
    return with(Verdict::unknown, "class of a library that " + j.why + ", only constructed");
  if (j.verdict == Verdict::safe && runs && !fits)
    return with(j.standard_library ? Verdict::suspicious : Verdict::unknown,
                j.shapes.empty() ? j.why + ", which no pickle writer calls"
                                 : j.why + ", called with arguments that no pickle writer writes");
  if (j.verdict == Verdict::unknown && runs && j.sounds_dangerous)
    return with(Verdict::dangerous,
                "is named like a function that runs, loads or fetches something");
  bool carrier = j.gadget == Gadget::code || j.gadget == Gadget::function;  // examined for itself
  if (j.verdict == Verdict::unknown && runs && j.standard_library && !carrier)
    return with(Verdict::suspicious, "part of the standard library that no pickle writer calls");
  if (j.verdict == Verdict::unknown && runs && j.why.starts_with("an attribute path"))
    return with(Verdict::suspicious,
                "called through an attribute path that no pickle writer writes");
  return j;
}

}  // namespace parapet::pickle
