#include "formats/config/named_call.h"

#include <algorithm>

#include "base/text.h"
#include "formats/pickle/policy.h"

namespace parapet::config {
namespace {

// "my_package.utils.os.system": a module of Python's own, reached through another that imported it.
// Only those whose names no package gives to a part of itself.
bool reaches_through(std::string_view dotted) {
  static constexpr std::string_view modules[] = {
      "os", "posix", "nt", "subprocess", "pty", "builtins", "importlib", "ctypes", "runpy", "_os"};
  std::vector<std::string_view> parts = split(dotted, '.');
  for (std::size_t i = 1; i + 1 < parts.size(); ++i)
    if (std::find(std::begin(modules), std::end(modules), parts[i]) != std::end(modules))
      return true;
  return false;
}

// "random._os.system" is reached through attributes, as in a pickle: every module of the standard
// library that the name may start with is asked. Of other packages only the longest is: "modules"
// and "load" inside their names are packages, not attributes.
pickle::Judgement judge(std::string_view dotted) {
  std::size_t last = dotted.rfind('.');
  if (last == std::string_view::npos || last == 0) return pickle::judge("builtins", dotted);
  pickle::Judgement named = pickle::judge(dotted.substr(0, last), dotted.substr(last + 1));
  if (named.verdict != pickle::Verdict::dangerous && reaches_through(dotted)) {
    named.verdict = pickle::Verdict::dangerous;
    named.why = "reaches a module of Python through another package";
  }
  if (named.verdict == pickle::Verdict::dangerous) return named;
  for (std::size_t dot = dotted.find('.'); dot < last; dot = dotted.find('.', dot + 1)) {
    std::string_view module = dotted.substr(0, dot);
    if (!pickle::is_standard_library(module)) continue;
    pickle::Judgement j = pickle::judge(module, dotted.substr(dot + 1));
    if (j.verdict == pickle::Verdict::dangerous) return j;
  }
  return named;
}

// In a configuration it is ordinary to construct what a training library has, though a pickle never
// does it: of other packages than Python's own only functions (not classes) are held against it,
// and not those of the libraries that configurations are written for.
pickle::Judgement in_configuration(std::string_view dotted, pickle::Judgement j) {
  static constexpr std::string_view trainers[] = {
      "nemo",     "lightning",   "pytorch_lightning", "hydra", "transformers", "diffusers",
      "datasets", "torchvision", "torchaudio",        "timm",  "monai",        "omegaconf",
      "peft",     "accelerate",  "torchmetrics"};
  if (j.verdict != pickle::Verdict::dangerous) return j;
  std::string_view top = dotted.substr(0, dotted.find('.'));
  if (reaches_through(dotted)) return j;
  if (top == dotted || pickle::is_standard_library(top)) return j;
  std::string_view last = dotted.substr(dotted.rfind('.') + 1);
  bool trainer = std::find(std::begin(trainers), std::end(trainers), top) != std::end(trainers);
  bool is_class = !last.empty() && last[0] >= 'A' && last[0] <= 'Z';
  if (!trainer && !is_class) return j;
  j.verdict = pickle::Verdict::unknown;
  j.why = "code of " + std::string(top);
  return j;
}

}  // namespace

void add_call(Sink& sink, std::string_view dotted, std::string_view via, std::string_view how,
              const Place& place, const Node* arguments) {
  pickle::Judgement j = judge(dotted);
  if (via != "skops") j = in_configuration(dotted, std::move(j));
  // hydra.utils.get_method and its kin fetch what `path` names.
  const Node* path =
      dotted.starts_with("hydra.") && arguments != nullptr ? arguments->at("path") : nullptr;
  if (path != nullptr && path->is_scalar())
    if (auto inner = in_configuration(path->text, judge(path->text));
        inner.verdict == pickle::Verdict::dangerous)
      j = std::move(inner);
  std::string args;
  Fact f{"call", {}, place, {}};
  f.set("name", dotted.substr(0, 300)).set("via", via).set("how", how);
  f.set("verdict", pickle::to_text(j.verdict));
  if (!j.why.empty()) f.set("why", j.why);
  unsigned shown = 0;
  for (std::size_t i = 0;
       arguments != nullptr && arguments->is_map() && i < arguments->items.size(); ++i) {
    const Node& value = arguments->items[i];
    const std::string& key = arguments->keys[i].text;
    if (!value.is_scalar() && !(key == "_args_" && value.is_list())) continue;
    if (key == how || ++shown > 8) continue;
    std::string text = value.text;
    for (const Node& item : value.items) text += (text.empty() ? "" : ", ") + item.text;
    text = text.substr(0, 200);
    f.set("kw." + key.substr(0, 60), text);
    args += (args.empty() ? "" : ", ") + printable(key, 40) + "=" + printable(text, 80);
  }
  f.set("args", args);
  f.says = printable(dotted, 120) + "(" + args + ")";
  sink.add(std::move(f));
}

}  // namespace parapet::config
