// Names and calls: what a stream imports, calls, constructs and changes, followed as far as the
// arguments tell it: getattr(import_module('os'), 'system') is os.system.
#include <algorithm>

#include "base/text.h"
#include "formats/pickle/machine.h"

namespace parapet::pickle {
namespace {

constexpr unsigned deepest_calls = 32;  // of functions that are handed to functions

bool is_shared(std::string_view what) {
  return what == "logger, by name" || what == "enumeration" || what == "member of an enumeration";
}

constexpr std::size_t max_globals = 1U << 16U, max_calls = 4096, max_storages = 1U << 20U;

}  // namespace

Value Machine::import(std::string_view module, std::string_view name, std::uint64_t at,
                      bool by_opcode) {
  std::string key = std::string(module) + '\0' + std::string(name);
  auto it = known_.find(key);
  if (it == known_.end()) {
    Global g;
    g.module = module;
    g.name = name;
    g.judged = judge(module, name);
    // A crowd of names must not hide one that matters.
    if (out_.globals.size() >= max_globals + (g.judged.verdict == Verdict::dangerous ? 1024 : 0)) {
      if (out_.limits.empty()) out_.limits.emplace_back("more than 65,536 different names");
      return anything;
    }
    g.offset = at;
    out_.globals.push_back(std::move(g));
    it = known_.emplace(std::move(key), static_cast<std::uint32_t>(out_.globals.size() - 1)).first;
  }
  Global& g = out_.globals[it->second];
  if (by_opcode) ++g.imports;
  ++g.pushes;
  return Value::of(Kind::global, it->second);
}

Value Machine::import_value(Value module, Value name, std::uint64_t at) {
  std::string m, n;
  bool has_module = text_of(module, m) && !module.is(Kind::bytes);
  bool has_name = text_of(name, n) && !name.is(Kind::bytes);
  if (has_module && has_name) return import(m, n, at, true);
  // A load refuses anything but text here; what only a running Python could work out is kept as
  // "?".
  auto may_be_text = [](Value v, bool known) {
    return known || v.is(Kind::unknown) || v.is(Kind::object) || v.is(Kind::persistent) ||
           v.is(Kind::global);
  };
  if (!may_be_text(module, has_module) || !may_be_text(name, has_name)) {
    if (!options_.lenient) break_off("imports a name that is no text");
    return anything;
  }
  if (options_.lenient && !has_module && !has_name) return anything;
  return import(has_module ? m : "?", has_name ? n : "?", at, true);
}

Value Machine::extension(std::uint64_t code, std::uint64_t at) {
  ++out_.extensions;
  return import("?", "extension " + std::to_string(code), at, true);
}

Value Machine::persistent(Value id) {
  ++out_.persistent;
  // PyTorch: ('storage', storage type, key, location, elements)
  std::string tag, key;
  if (id.is(Kind::tuple) && text_of(argument(id, 0), tag) && tag == "storage" &&
      argument(id, 1).is(Kind::global) && text_of(argument(id, 2), key) &&
      out_.storages.size() < max_storages && options_.keep_texts)
    out_.storages.push_back({out_.globals[argument(id, 1).payload()].name, key});
  // ('module', class, file, source): the class, its source only compared for a warning.
  if (id.is(Kind::tuple) && tag == "module" && argument(id, 1).is(Kind::global))
    return argument(id, 1);
  return Value::of(Kind::persistent, heap_.make({&id, 1}));
}

Value Machine::made(std::uint32_t global, Value callee, Value args, Value keywords) {
  Value parts[3] = {callee, args, keywords};
  std::uint64_t node = heap_.make({parts, 3});
  if (global < out_.globals.size() && out_.globals[global].name == "dtype" &&
      dtypes_.size() < 4096) {
    std::string type;
    if (text_of(argument(args, 0), type) && type.size() < 64)
      dtypes_.emplace(node, std::move(type));
  }
  return Value::of(Kind::object, node << 24U | global);
}

void Machine::record(Call call, Value args, Value keywords) {
  ++out_.calls;
  if (args.is(Kind::tuple)) {
    auto view = heap_.view(args.payload());
    for (std::size_t i = 0; i < view.kept.size() && i < 8; ++i)
      call.args.push_back(render(view.kept[i], 1));
    call.elided = view.lost || view.total > call.args.size();
  } else if (!args.is(Kind::constant)) {
    call.args.push_back("*" + render(args, 1));
  }
  auto pairs = elements(keywords);
  for (std::size_t i = 0; i + 1 < pairs.size() && i < 16; i += 2) {
    std::string key;
    if (text_of(pairs[i], key))
      call.keywords.emplace_back(printable(key, 60), render(pairs[i + 1], 1));
  }
  std::string key = call.name + '\0' + std::string(to_text(call.how));
  for (const auto& a : call.args) key += '\0' + a;
  auto [it, fresh] = known_calls_.emplace(std::move(key), out_.made.size());
  if (!fresh) {
    ++out_.made[it->second].count;
  } else if (out_.made.size() < max_calls + (call.verdict >= Verdict::suspicious ? 1024 : 0)) {
    out_.made.push_back(std::move(call));
  } else {
    known_calls_.erase(it);
    if (out_.limits.empty()) out_.limits.emplace_back("more than 4096 different calls");
  }
}

// copyreg's _reconstructor(class, base, state), __newobj__(class, …) and __newobj_ex__(class,
// arguments, keywords): the class is what counts, and a base other than a built-in type, whose
// __init__ runs.
Value Machine::construct(Gadget how, Value args, std::uint64_t at) {
  auto all = elements(args);
  if (how == Gadget::new_object_ex)
    return call(argument(args, 0), argument(args, 1), argument(args, 2), How::newobj_ex, at);
  std::span<const Value> rest = all;
  if (how == Gadget::new_object)
    return call(argument(args, 0), Value::of(Kind::tuple, heap_.make(rest.subspan(1))), py_none,
                How::newobj, at);
  Value base = argument(args, 1);
  if (base.is(Kind::global) && base.word != argument(args, 0).word &&
      out_.globals[base.payload()].judged.verdict != Verdict::safe) {
    Value state = argument(args, 2);
    call(base, Value::of(Kind::tuple, heap_.make({&state, 1})), py_none, How::reduce, at);
  }
  rest = rest.subspan(std::min<std::size_t>(3, rest.size()));
  return call(argument(args, 0), Value::of(Kind::tuple, heap_.make(rest)), py_none,
              How::reconstructor, at);
}

Value Machine::call(Value callee, Value args, Value keywords, How how, std::uint64_t at) {
  if (!callee.is(Kind::global)) return call_unnamed(callee, args, how, at);
  auto index = static_cast<std::uint32_t>(callee.payload());
  // Copies: what a call reaches is added to the names, which may move.
  const Gadget gadget = out_.globals[index].judged.gadget;
  const bool construct_only = out_.globals[index].judged.construct_only;

  // copyreg's own ways to construct: the class is what counts.
  if ((gadget == Gadget::reconstructor || gadget == Gadget::new_object ||
       gadget == Gadget::new_object_ex) &&
      how == How::reduce && argument(args, 0).is(Kind::global)) {
    ++out_.globals[index].harmless_calls;
    return construct(gadget, args, at);
  }

  // Millions of dates or arrays are one record each; only what may matter is rendered every time.
  bool as_written = out_.globals[index].judged.verdict == Verdict::safe &&
                    (constructs(how) || fits_shapes(out_.globals[index].judged.shapes, args));
  bool by_new = how == How::newobj || how == How::newobj_ex;
  if (as_written && !construct_only && gadget == Gadget::none) {
    if (!by_new) ++out_.globals[index].reduced;
    auto quiet = out_.globals[index].quiet_call[static_cast<std::size_t>(how)];
    if (quiet >= 0) {
      ++out_.made[static_cast<std::size_t>(quiet)].count;
      ++out_.calls;
      return made(index, callee, args, keywords);
    }
  }

  Value only = argument(args, 0);
  bool one_constant = args.is(Kind::tuple) && heap_.view(args.payload()).total == 1 &&
                      (only.is(Kind::integer) || only.is(Kind::text) || only.is(Kind::constant));
  Judgement use = judge_use(out_.globals[index].judged, how, as_written, one_constant);
  if (!by_new && how != How::reconstructor && !(one_constant && construct_only))
    ++out_.globals[index].reduced;
  Value result = anything;
  bool harmless = false, resolved = false;
  const bool calls_it = gadget == Gadget::partial || gadget == Gadget::apply;  // by NEWOBJ as well
  if (gadget != Gadget::none && (!by_new || calls_it)) {
    if (resolving_ < deepest_calls) {
      ++resolving_;
      resolved = resolve(index, args, at, result, harmless);
      --resolving_;
    } else if (use.verdict < Verdict::suspicious) {
      use.verdict = Verdict::suspicious;
      use.why = "calls in calls in calls, deeper than any pickle writer writes";
    }
  }
  Global& g = out_.globals[index];
  if (harmless) {
    ++g.harmless_calls;
    Value reached = resolved ? result : argument(args, 0);
    bool safe = reached.is(Kind::global)
                    ? out_.globals[reached.payload()].judged.verdict == Verdict::safe
                    : reached.is(Kind::object);
    if (g.judged.gadget == Gadget::type_of || g.judged.gadget == Gadget::parameters ||
        g.judged.gadget == Gadget::fold || g.judged.gadget == Gadget::item)
      safe = true;
    g.safe_calls += safe;
    use.verdict = safe ? Verdict::safe : std::min(use.verdict, Verdict::unknown);
    use.why = "reaches only what its constant arguments say";
  } else if (!constructs(how) || calls_it) {
    if (gadget == Gadget::apply && use.verdict < Verdict::suspicious) {
      use.verdict = Verdict::suspicious;
      use.why = "calls what it is handed, which no pickle writer hands to it";
    }
    weigh(use, g, args);
  }
  if (use.verdict == Verdict::safe) {
    auto& quiet = g.quiet_call[static_cast<std::size_t>(how)];
    if (quiet >= 0) {
      ++out_.made[static_cast<std::size_t>(quiet)].count;
      ++out_.calls;
      return resolved ? result : made(index, callee, args, keywords);
    }
    if (out_.made.size() < max_calls) quiet = static_cast<std::int64_t>(out_.made.size());
  }
  Call c;
  c.name = printable(g.dotted());
  c.how = how;
  c.verdict = use.verdict;
  c.why = use.why;
  c.offset = at;
  if (g.judged.gadget == Gadget::code || g.judged.gadget == Gadget::function ||
      g.judged.gadget == Gadget::dynamic_class)
    examine_code(c, args);
  bool quiet_one = use.verdict == Verdict::safe;
  std::size_t before = out_.made.size();
  record(std::move(c), args, keywords);
  if (quiet_one && out_.made.size() == before)
    out_.globals[index].quiet_call[static_cast<std::size_t>(how)] = -1;
  return resolved ? result : made(index, callee, args, keywords);
}

// The callee is itself the result of something.
Value Machine::call_unnamed(Value callee, Value args, How how, std::uint64_t at) {
  Call c;
  c.how = how;
  c.offset = at;
  c.verdict = Verdict::unknown;
  c.why = "calls what another call returned";
  std::uint32_t from = no_global;
  if (callee.is(Kind::object)) {
    from = static_cast<std::uint32_t>(callee.payload() & 0xFFFFFFU);
    auto parts = elements(callee);
    if (from < out_.globals.size() && parts.size() >= 2) {
      const Global& g = out_.globals[from];
      auto inner = elements(parts[1]);
      if (parts[1].is(Kind::text) || parts[1].is(Kind::bytes) || parts[1].is(Kind::computed) ||
          parts[1].is(Kind::list) || parts[1].is(Kind::dict) || parts[1].is(Kind::set)) {
        // A method of a plain value: ','.join([...])
        std::vector<Value> with_self{parts[1]};
        for (Value v : elements(args)) with_self.push_back(v);
        return call(parts[0], Value::of(Kind::tuple, heap_.make(with_self)), py_none, How::reduce,
                    at);
      }
      std::string name;
      // attrgetter('system')(os), methodcaller('system', 'id')(os), partial(f, x)(y)
      if (g.judged.gadget == Gadget::attrgetter && !inner.empty() && text_of(inner[0], name))
        return attribute(argument(args, 0), name, at);
      if (g.judged.gadget == Gadget::methodcaller && !inner.empty() && text_of(inner[0], name)) {
        Value method = attribute(argument(args, 0), name, at);
        if (method.is(Kind::global))
          return call(method, Value::of(Kind::tuple, heap_.make(std::span(inner).subspan(1))),
                      py_none, How::reduce, at);
      }
      if (g.judged.gadget == Gadget::partial && !inner.empty() && inner[0].is(Kind::global)) {
        std::vector<Value> joined(inner.begin() + 1, inner.end());
        for (Value v : elements(args)) joined.push_back(v);
        return call(inner[0], Value::of(Kind::tuple, heap_.make(joined)), py_none, How::reduce, at);
      }
      if (g.judged.gadget == Gadget::code || g.judged.gadget == Gadget::function ||
          g.judged.gadget == Gadget::dynamic_class) {
        // Making an instance runs object.__new__ as a rule; a plain call runs the code itself.
        bool runs = how != How::newobj && how != How::newobj_ex;
        if (runs) c.verdict = Verdict::dangerous;
        c.why = runs ? "runs code that travels in the file"
                     : "makes an instance of a class that travels in the file";
        c.carries_code = true;
      } else if (g.judged.verdict == Verdict::dangerous) {
        c.verdict = Verdict::dangerous;
        c.why = "calls what " + printable(g.dotted()) + " returned";
      } else if (!constructs(how)) {
        c.verdict = Verdict::suspicious;
        c.why = "calls what " + printable(g.dotted()) + " returned, which no pickle writer does";
      }
    } else if (from < out_.globals.size() &&
               out_.globals[from].judged.verdict == Verdict::dangerous) {
      c.verdict = Verdict::dangerous;
      c.why = "calls what " + printable(out_.globals[from].dotted()) + " returned";
    }
  } else if (callee.is(Kind::unknown)) {
    if (options_.lenient) return anything;
    if (!constructs(how)) c.verdict = Verdict::suspicious;
    c.why = "calls something that cannot be told";
  } else if (!callee.is(Kind::persistent) && !callee.is(Kind::computed)) {
    break_off("calls a value that is no function");
    return anything;
  }
  c.name = printable(render(callee), 160);
  record(std::move(c), args, py_none);
  return made(from, callee, args, py_none);
}

// object.name, for what is known of `object`.
Value Machine::attribute(Value object, std::string_view name, std::uint64_t at) {
  if (object.is(Kind::global)) {
    const Global& g = out_.globals[object.payload()];
    std::string module = g.module,
                path = g.name.empty() ? std::string(name) : g.name + "." + std::string(name);
    // dill names its own module as a value: getattr(dill._dill, '_setattr').
    if (module == "dill" && g.name == "_dill") return import("dill._dill", name, at, false);
    return import(module, path, at, false);
  }
  if (object.is(Kind::object)) {
    auto from = object.payload() & 0xFFFFFFU;
    if (from < out_.globals.size()) {
      std::string module = out_.globals[from].module,
                  path = out_.globals[from].name + "." + std::string(name);
      Value made_by = import(module, path, at, false);
      // The attribute of an instance: an object whose "callee" is the attribute of its class.
      return made_by;
    }
  }
  const char* type = object.is(Kind::text) || object.is(Kind::computed) ? "str."
                     : object.is(Kind::bytes)                           ? "bytes."
                     : object.is(Kind::list)                            ? "list."
                     : object.is(Kind::dict)                            ? "dict."
                     : object.is(Kind::set)                             ? "set."
                                                                        : nullptr;
  if (type != nullptr) {
    Value method = import("builtins", type + std::string(name), at, false);
    Value parts[3] = {method, object, py_none};
    return Value::of(Kind::object, heap_.make({parts, 3}) << 24U | method.payload());
  }
  return anything;
}

void Machine::change(Value target, std::string what, How how, std::uint64_t at) {
  if (target.is(Kind::object)) {
    // Filling what a call returned is how dictionaries and lists of other classes are written.
    auto from = target.payload() & 0xFFFFFFU;
    if (from >= out_.globals.size() || out_.globals[from].judged.verdict != Verdict::dangerous)
      return;
  }
  Call c;
  auto index = target.is(Kind::global) ? target.payload() : target.payload() & 0xFFFFFFU;
  c.name = index < out_.globals.size() ? printable(out_.globals[index].dotted())
                                       : printable(render(target), 160);
  c.how = how;
  c.verdict = Verdict::dangerous;
  c.why = how == How::build
              ? "changes the attributes of something imported, which no pickle writer does"
              : "changes an entry of something imported, which no pickle writer does";
  c.offset = at;
  if (!what.empty()) c.args.push_back(std::move(what));
  record(std::move(c), py_none, py_none);
}

void Machine::build(Value object, Value state, std::uint64_t at, Cursor& c) {
  if (object.is(Kind::global)) return change(object, render(state, 1), How::build, at);
  note_weight(state, at);
  if (!object.is(Kind::object)) return;
  auto index = object.payload() & 0xFFFFFFU;
  if (index >= out_.globals.size()) return;
  Global& g = out_.globals[index];
  if (g.name == "NumpyArrayWrapper" && g.module.ends_with("numpy_pickle"))
    return skip_array(object, state, at, c);
  // functools.partial takes what it calls from its state: (function, arguments, keywords, …).
  if (g.judged.gadget == Gadget::partial && state.is(Kind::tuple)) {
    if (const Global* f = handed_function(state, true)) {
      Call bound;
      bound.name = printable(g.dotted());
      bound.how = How::build;
      bound.verdict =
          f->judged.verdict == Verdict::dangerous ? Verdict::dangerous : Verdict::suspicious;
      bound.why = "binds " + printable(f->dotted()) + ", which no pickle writer binds";
      bound.offset = at;
      bound.args.push_back(render(state, 1));
      return record(std::move(bound), py_none, py_none);
    }
  }
  // What a name gives again at every load is shared by the whole program: a logger, a member.
  if (g.judged.verdict == Verdict::safe && is_shared(g.judged.why)) {
    Call changed;
    changed.name = printable(g.dotted());
    changed.how = How::build;
    changed.verdict = Verdict::suspicious;
    changed.why =
        "changes what the whole program shares (" + g.judged.why + "), which no pickle writer does";
    changed.offset = at;
    changed.args.push_back(render(state, 1));
    return record(std::move(changed), py_none, py_none);
  }
  // A state that plants special methods or replaces what the object calls later.
  auto pairs = elements(state);
  if (state.is(Kind::tuple) && pairs.size() == 2) {
    auto slots = elements(pairs[1]);
    pairs = elements(pairs[0]);
    pairs.resize(pairs.size() / 2 * 2, py_none);
    pairs.insert(pairs.end(), slots.begin(), slots.end());
  } else if (!state.is(Kind::dict)) {
    pairs.clear();
  }
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    std::string key;
    if (!text_of(pairs[i], key) || !key.starts_with("__") || !key.ends_with("__")) continue;
    Value v = pairs[i + 1];
    if (!v.is(Kind::global) || out_.globals[v.payload()].judged.verdict == Verdict::safe) continue;
    Call planted;
    planted.name = printable(g.dotted());
    planted.how = How::build;
    planted.verdict = Verdict::dangerous;
    planted.why =
        "plants " + printable(out_.globals[v.payload()].dotted()) + " as " + printable(key, 40);
    planted.offset = at;
    planted.args.push_back(printable(key, 40) + "=" + render(v, 1));
    record(std::move(planted), py_none, py_none);
  }
}

void Machine::note_weight(Value v, std::uint64_t at) {
  if (bomb_ || (!v.is(Kind::list) && !v.is(Kind::dict) && !v.is(Kind::tuple))) return;
  if (heap_.view(v.payload()).weight < 1e12) return;
  bomb_ = true;
  odd("bomb", "containers that share each other: written out, more than 10^12 elements", at);
}

}  // namespace parapet::pickle
