// How a call's arguments weigh: those of a safe name must have a shape that its library writes
// (the letters are in names.h), and whoever is handed a function or a command is no harmless
// unknown any more.
#include <algorithm>

#include "base/text.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/names.h"

namespace parapet::pickle {
namespace {

constexpr std::size_t most_handed = 512;
constexpr unsigned deepest_handed = 4;

bool is_callable_maker(Gadget g) {
  return g == Gadget::partial || g == Gadget::attrgetter || g == Gadget::methodcaller ||
         g == Gadget::apply;
}

}  // namespace

bool Machine::fits(char letter, Value v) const {
  bool text = v.is(Kind::text) || v.is(Kind::computed);
  bool object = v.is(Kind::object) || v.is(Kind::persistent) || v.is(Kind::unknown);
  switch (letter) {
    case 'i':
      return v.is(Kind::integer) || v.is(Kind::number);
    case 'f':
      return v.is(Kind::integer) || v.is(Kind::number) || v.is(Kind::constant);
    case 'b':
      return v.is(Kind::constant) || v.is(Kind::integer);
    case 'N':
      return v.is(Kind::constant);
    case 's':
      return text;
    case 'y':
      return text || object || v.is(Kind::bytes) || v.is(Kind::buffer);
    case 't':
      return v.is(Kind::tuple);
    case 'l':
      return v.is(Kind::list);
    case 'S':
      return v.is(Kind::set);
    case 'd':
      return v.is(Kind::dict) || v.is(Kind::object) || v.is(Kind::constant);
    case 'o':
      return object || v.is(Kind::buffer);
    case 'p':
      return v.is(Kind::persistent) || v.is(Kind::object);
    case 'r':
      return v.is(Kind::global) && out_.globals[v.payload()].judged.verdict == Verdict::safe;
    case 'c': {
      if (!v.is(Kind::global)) return false;
      const Judgement& j = out_.globals[v.payload()].judged;
      return j.verdict == Verdict::safe || (j.verdict == Verdict::unknown && !j.standard_library);
    }
    case 'v':
      if (v.is(Kind::object)) {
        auto from = v.payload() & 0xFFFFFFU;
        return from >= out_.globals.size() || !is_callable_maker(out_.globals[from].judged.gadget);
      }
      return !v.is(Kind::global);
    default:
      return true;
  }
}

bool Machine::fits_shapes(std::string_view shapes, Value args) const {
  if (shapes.empty() || !args.is(Kind::tuple)) return false;
  auto view = heap_.view(args.payload());
  if (view.lost) return false;
  for (std::size_t from = 0; from <= shapes.size();) {
    std::size_t bar = std::min(shapes.find('|', from), shapes.size());
    std::string_view shape = shapes.substr(from, bar - from);
    from = bar + 1;
    std::size_t n = 0, i = 0;
    bool fit = true;
    for (; fit && i < shape.size(); ++i) {
      char mode = i + 1 < shape.size() ? shape[i + 1] : '\0';
      if (mode == '+') {
        for (; n < view.kept.size(); ++n)
          if (!fits(shape[i], view.kept[n])) break;
        fit = n == view.kept.size();
        if (fit) n = view.total;
        ++i;
      } else if (n < view.kept.size() && fits(shape[i], view.kept[n])) {
        ++n;
        i += mode == '?';
      } else if (mode == '?') {
        ++i;
      } else {
        fit = false;
      }
    }
    if (fit && n == view.total) return true;
  }
  return false;
}

// The first thing among what a call is handed, containers opened, that a `what` is true of.
template <class What>
const Global* Machine::handed(Value args, What what) const {
  std::vector<std::pair<Value, unsigned>> todo{{args, 0}};
  for (std::size_t i = 0; i < todo.size() && i < most_handed; ++i) {
    auto [v, depth] = todo[i];
    if (v.is(Kind::global)) {
      const Global& g = out_.globals[v.payload()];
      if (!g.name.empty() && what(g)) return &g;
    } else if (has_node(v.kind()) && !v.is(Kind::object) && depth < deepest_handed) {
      for (Value e : heap_.view(Heap::node_of(v)).kept) todo.emplace_back(e, depth + 1);
    }
  }
  return nullptr;
}

const Global* Machine::handed_function(Value args, bool classes_too) const {
  return handed(args, [&](const Global& g) {
    return g.judged.verdict == Verdict::dangerous ||
           (g.judged.verdict == Verdict::unknown && g.judged.standard_library &&
            (classes_too || !is_class_name(g.name)));
  });
}

void Machine::weigh(Judgement& use, const Global& callee, Value args) const {
  if (use.verdict != Verdict::unknown) return;
  Gadget g = callee.judged.gadget;
  if (g == Gadget::code || g == Gadget::function || g == Gadget::dynamic_class ||
      callee.module.starts_with("dill.") || callee.module.starts_with("cloudpickle."))
    return;  // travelling code is examined for itself
  if (const Global* f =
          handed_function(args, callee.judged.verdict == Verdict::safe || g == Gadget::partial)) {
    use.verdict = Verdict::suspicious;
    use.why = "is handed " + printable(f->dotted()) + ", which " +
              (f->judged.verdict == Verdict::dangerous
                   ? f->judged.why
                   : std::string("no pickle writer hands to anything"));
    return;
  }
  if (callee.judged.verdict == Verdict::safe) return;
  std::vector<std::pair<Value, unsigned>> todo{{args, 0}};
  std::string text;
  for (std::size_t i = 0; i < todo.size() && i < most_handed; ++i) {
    auto [v, depth] = todo[i];
    if (text_of(v, text)) {
      auto what = attack_in(text);
      if (what.empty()) continue;
      use.verdict = Verdict::suspicious;
      use.why = use.why + ", and is handed " + std::string(what);
      return;
    }
    if (has_node(v.kind()) && !v.is(Kind::object) && depth < deepest_handed)
      for (Value e : heap_.view(Heap::node_of(v)).kept) todo.emplace_back(e, depth + 1);
  }
}

}  // namespace parapet::pickle
