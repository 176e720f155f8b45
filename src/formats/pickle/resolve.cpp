// What a call gives, where its arguments tell: getattr(import_module('os'), 'system') is os.system,
// str.join makes a text. And what code objects that travel in the stream name.
#include <algorithm>

#include "base/text.h"
#include "formats/pickle/machine.h"

namespace parapet::pickle {
namespace {

bool base64_decoded(std::string_view s, std::string& out) {
  std::uint32_t bits = 0;
  unsigned n = 0;
  for (char c : s) {
    unsigned v = c >= 'A' && c <= 'Z'   ? static_cast<unsigned>(c - 'A')
                 : c >= 'a' && c <= 'z' ? static_cast<unsigned>(c - 'a' + 26)
                 : is_digit(c)          ? static_cast<unsigned>(c - '0' + 52)
                 : c == '+' || c == '-' ? 62U
                 : c == '/' || c == '_' ? 63U
                                        : 64U;
    if (v == 64) {
      if (c == '=' || is_space(c)) continue;
      return false;
    }
    bits = bits << 6U | v;
    if ((n += 6) >= 8) out += static_cast<char>(bits >> (n -= 8) & 0xFFU);
  }
  return true;
}

}  // namespace

bool Machine::resolve(std::uint32_t index, Value args, std::uint64_t at, Value& result,
                      bool& harmless) {
  std::string a, b;
  Value first = argument(args, 0), second = argument(args, 1);
  auto judged_harmless = [&](Value v) {
    return v.is(Kind::global) && out_.globals[v.payload()].judged.verdict != Verdict::dangerous;
  };
  switch (out_.globals[index].judged.gadget) {
    case Gadget::getattr:
      if (!text_of(second, b)) return false;
      result = attribute(first, b, at);
      if (result.is(Kind::object)) {  // a method of a plain value
        harmless = out_.globals[result.payload() & 0xFFFFFFU].judged.verdict == Verdict::safe;
        return true;
      }
      harmless = judged_harmless(result) && (!b.starts_with("__") || b == "__new__");
      // dill: getattr(dill._dill, '_setattr', setattr), of which the call below is judged.
      if (b == "_setattr" && result.is(Kind::global) &&
          out_.globals[result.payload()].judged.gadget == Gadget::set_cell) {
        harmless = true;
        if (Value other = argument(args, 2); other.is(Kind::global)) {
          ++out_.globals[other.payload()].harmless_calls;
          ++out_.globals[other.payload()].safe_calls;
        }
      }
      return result.is(Kind::global);
    case Gadget::set_cell:
      harmless = first.is(Kind::object) && text_of(second, b) && b == "cell_contents";
      return false;
    case Gadget::import_module:
      if (!text_of(first, a)) return false;
      result = import(a, "", at, false);
      return result.is(Kind::global);
    case Gadget::import_path: {
      if (!text_of(first, a)) return false;
      auto halves = split_once(a, ":");
      if (!halves.found) {
        std::string_view path = a;
        auto dot = path.rfind('.');
        halves.before = path.substr(0, dot);
        halves.after = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
      }
      result = import(std::string(halves.before), std::string(halves.after), at, false);
      return result.is(Kind::global);
    }
    case Gadget::ufunc:
      if (!text_of(first, a) || !text_of(second, b)) return false;
      result = import(a, b, at, false);
      harmless = judged_harmless(result);
      return result.is(Kind::global);
    case Gadget::named_type:
      if (!text_of(first, a)) return false;
      // The type by name: CodeType and FunctionType stay what they are, carriers of code.
      if (a == "CodeType" || a == "FunctionType" || a == "LambdaType") {
        result = import("types", a, at, false);
        if (!result.is(Kind::global)) return false;
        // Named directly they stay what they are: no pickle writer does that.
        if (out_.globals[result.payload()].imports > 0) return true;
        out_.globals[result.payload()].judged.gadget =
            a == "CodeType" ? Gadget::code : Gadget::function;
        out_.globals[result.payload()].judged.verdict = Verdict::unknown;
        out_.globals[result.payload()].judged.why = "rebuilds code that travels in the file";
      } else if (a == "MethodType") {
        // A method bound to an object, both from the stream: what is bound is judged as in a
        // partial.
        result = import("types", a, at, false);
        if (!result.is(Kind::global)) return false;
        Global& method = out_.globals[result.payload()];
        if (method.imports > 0) return true;
        method.judged.gadget = Gadget::partial;
        method.judged.verdict = Verdict::unknown;
        method.judged.standard_library = false;
        method.judged.why = "binds a method that travels in the file";
        harmless = true;
      } else {
        bool builtin = a == "type" || judge("builtins", a).verdict == Verdict::safe;
        result = a == "PartialType" ? import("functools", "partial", at, false)
                                    : import(builtin ? "builtins" : "types", a, at, false);
        harmless = true;
      }
      return result.is(Kind::global);
    case Gadget::partial:
      harmless = (judged_harmless(first) || first.is(Kind::object)) &&
                 handed_function(args, true) == nullptr;
      return false;
    case Gadget::apply_tuple:
      // _rebuild_from_type_v2(f, class, arguments, state) calls f(*arguments).
      harmless = first.is(Kind::global);
      if (harmless) result = call(first, argument(args, 2), py_none, How::reduce, at);
      return harmless;
    case Gadget::fold:
      // int | str is reduce(or_, (int, str)).
      harmless =
          first.is(Kind::global) && out_.globals[first.payload()].module.ends_with("operator") &&
          out_.globals[first.payload()].name == "or_" && handed_function(second, false) == nullptr;
      if (!harmless && first.is(Kind::global)) {
        auto items = elements(second);
        call(first,
             Value::of(Kind::tuple,
                       heap_.make(std::span(items).first(std::min<std::size_t>(2, items.size())))),
             py_none, How::reduce, at);
      }
      return false;
    case Gadget::parameters:
      harmless = judged_harmless(first) && handed_function(args, false) == nullptr;
      return false;
    case Gadget::apply:
      // map(f, [x]): what a load would call, as far as it is known.
      if (first.is(Kind::global) && index != first.payload()) {
        auto all = elements(args);
        Value rest = Value::of(Kind::tuple, heap_.make(std::span(all).subspan(1)));
        harmless = out_.globals[first.payload()].judged.verdict == Verdict::safe &&
                   !out_.globals[first.payload()].judged.shapes.empty() &&
                   out_.globals[index].name != "call" && handed_function(args, true) == nullptr;
        if (!harmless) call(first, rest, py_none, How::reduce, at);
      }
      return false;
    case Gadget::join: {
      auto parts = elements(second);
      if (!text_of(first, a)) return false;
      std::string joined;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!text_of(parts[i], b)) return false;
        joined += (i > 0 ? a : std::string()) + b;
      }
      result = compute(std::move(joined));
      return true;
    }
    case Gadget::concat:
      if (!text_of(first, a) || !text_of(second, b)) return false;
      result = compute(a + b);
      return true;
    case Gadget::decode:
      if (!text_of(first, a)) return false;
      if (text_of(second, b) &&
          (contains(b, "base64") || contains(b, "rot") || contains(b, "zip") ||
           contains(b, "bz2") || contains(b, "uu") || contains(b, "hex"))) {
        if (!contains(b, "base64")) return false;
        std::string plain;
        if (!base64_decoded(a, plain)) return false;
        a = std::move(plain);
      }
      result = compute(std::move(a));
      return true;
    case Gadget::base64: {
      std::string plain;
      if (!text_of(first, a) || !base64_decoded(a, plain)) return false;
      result = compute(std::move(plain));
      return true;
    }
    case Gadget::item:
      // typing.Optional[int]
      if (first.is(Kind::global) && out_.globals[first.payload()].module == "typing" &&
          out_.globals[first.payload()].judged.verdict == Verdict::safe) {
        harmless = handed_function(args, false) == nullptr;
        return false;
      }
      // sys.modules['os'], vars(os)['system']
      if (!text_of(second, b)) return false;
      if (first.is(Kind::global)) {
        std::string module = out_.globals[first.payload()].module,
                    name = out_.globals[first.payload()].name;
        if (name == "modules" || name.ends_with(".modules"))
          result = import(b, "", at, false);
        else if (name.ends_with("__dict__") || name.ends_with("__builtins__") ||
                 name.ends_with("__globals__"))
          result = import(name.ends_with("__builtins__") ? "builtins" : module, b, at, false);
        else
          return false;
        return result.is(Kind::global);
      }
      return false;
    case Gadget::namespace_of:
      if (first.is(Kind::global)) {
        result = attribute(first, "__dict__", at);
        return result.is(Kind::global);
      }
      return false;
    case Gadget::type_of:
      harmless = second.is(Kind::unknown) && (first.is(Kind::constant) || judged_harmless(first));
      return false;
    case Gadget::none:
    case Gadget::attrgetter:
    case Gadget::methodcaller:
    case Gadget::reconstructor:
    case Gadget::new_object:
    case Gadget::new_object_ex:
    case Gadget::code:
    case Gadget::function:
    case Gadget::dynamic_class:
      return false;
  }
  return false;
}

// The names inside a code object decide: a function that only adds numbers is not one that runs
// commands when the model is used.
void Machine::examine_code(Call& call, Value args) {
  call.carries_code = true;
  std::vector<std::pair<Value, unsigned>> todo{{args, 0}};
  for (std::size_t i = 0; i < todo.size() && i < 512; ++i) {
    auto [v, depth] = todo[i];
    std::string text;
    if (text_of(v, text)) {
      if (reaches_out(text) && call.reaches.size() < 16)
        call.reaches.push_back(printable(text, 60));
    } else if (has_node(v.kind()) && depth < 5) {
      auto all = elements(v);
      for (std::size_t k = 0; k < all.size(); ++k) {
        // Keys such as __globals__ are where cloudpickle puts things, not what the code uses.
        bool slot = v.is(Kind::dict) && k % 2 == 0 && text_of(all[k], text) &&
                    text.starts_with("__") && text.ends_with("__");
        if (!slot)
          todo.emplace_back(all[k], depth + 1);
        else if (text == "__builtins__")
          ++k;  // every namespace has them
      }
    } else if (v.is(Kind::global)) {
      const Global& g = out_.globals[v.payload()];
      if (g.judged.verdict == Verdict::dangerous && !g.name.empty() &&
          g.judged.gadget == Gadget::none && call.reaches.size() < 16)
        call.reaches.push_back(printable(g.dotted(), 60));
    }
  }
  std::sort(call.reaches.begin(), call.reaches.end());
  call.reaches.erase(std::unique(call.reaches.begin(), call.reaches.end()), call.reaches.end());
  if (call.reaches.empty()) return;
  call.verdict = Verdict::dangerous;
  call.why = "brings code of its own that uses " + join(call.reaches, ", ");
}

}  // namespace parapet::pickle
