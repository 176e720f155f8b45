// What calls do with the values that they are given: what comes out, what is filled, where they
// arrive.
#include <algorithm>

#include "base/text.h"
#include "syntax/python/flow.h"
#include "syntax/python/flow_tables.h"

namespace parapet::python {
namespace {

constexpr std::size_t max_flows = 500;   // of one module
constexpr std::size_t max_steps = 12;    // of one flow: the first and the last are kept
constexpr std::size_t max_reached = 32;  // calls that the parameters of one function reach
constexpr std::size_t max_all_reached = 50'000;

std::string_view root_of(std::string_view dotted) {
  return dotted.substr(0, dotted.find_first_of(".("));
}
std::string_view last_of(std::string_view dotted) {
  auto dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

bool is_text_keyword(const PyValue* v, std::string_view text) {
  return v != nullptr && v->text == text;
}

// A file opened for writing. An unknown mode counts as reading.
bool writes(const PyCall& c) {
  const PyValue* mode = c.argument(1, "mode");
  return mode != nullptr && mode->is_text() &&
         mode->text.find_first_of("wax+") != std::string::npos;
}

// "bash -c" in front of what arrives.
bool starts_shell(const PyValue* list) {
  if (list == nullptr || list->items.size() < 3) return false;
  std::string_view program = file_name(list->items[0].text);
  bool shell = program == "sh" || program == "bash" || program == "zsh" || program == "cmd" ||
               program == "powershell" || program.starts_with("python");
  return shell && (list->items[1].text == "-c" || list->items[1].text == "-lc" ||
                   list->items[1].text == "/c");
}

bool safe_loader(std::string_view loader) {
  return contains(loader, "SafeLoader") || contains(loader, "BaseLoader");
}

}  // namespace

std::vector<Flow::Given> Flow::arguments(Ast call, unsigned depth) {
  std::vector<Given> out;
  Ast list = field(call, Field::arguments);
  if (kind_of(list) != Kind::argument_list) {
    out.push_back({"", expression(list, depth + 1), list});
    return out;
  }
  for (Ast a : children(list, 128)) {
    Given g{"", expression(a, depth + 1), a};
    if (kind_of(a) == Kind::keyword_argument) {
      g.name = source_.of(field(a, Field::name));
      g.node = field(a, Field::value);
    } else if (kind_of(a) == Kind::list_splat) {
      g.name = "*";
    } else if (kind_of(a) == Kind::dictionary_splat) {
      g.name = "**";
    }
    out.push_back(g);
  }
  return out;
}

Taint Flow::call(Ast n, unsigned depth) {
  Ast function = field(n, Field::function);
  Taint receiver;
  bool method = kind_of(function) == Kind::attribute;
  if (method)
    receiver = attribute(function, depth + 1);  // request.get_json() is an origin as a whole
  else if (kind_of(function) != Kind::identifier)
    receiver = expression(function, depth + 1);
  std::vector<Given> given = arguments(n, depth);
  auto at = calls_.find(n);
  if (at == calls_.end()) return {};
  PyCall& c = out_.calls[at->second];
  std::uint32_t labels = receiver.labels;
  for (const Given& g : given) labels |= g.taint.labels;
  for (unsigned o = origin_bits; o-- > 1;)
    if ((labels & (1U << o)) != 0) {
      c.origin = std::max(c.origin, static_cast<PyOrigin>(o));
      break;
    }
  if (labels != 0) sinks(at->second, receiver, given);
  if (sockets_ && method && c.name.ends_with(unpickling_receive))
    arrive(at->second, "unpickle", from(PyOrigin::peer, n), {});
  std::size_t shift = 0;
  std::int64_t own = callee(function, shift);
  if (own >= 0) return apply(static_cast<std::uint32_t>(own), shift, n, given);
  if (labels != 0) fill(n, receiver, given);
  return result(c, n, receiver, given);
}

// list.append(x), file.write(x), upload.save(path), copyfileobj(x, file): where x is afterwards.
void Flow::fill(Ast n, const Taint& receiver, const std::vector<Given>& given) {
  Ast function = field(n, Field::function);
  std::string_view name = last_of(source_.of(function));
  if (name == "copyfileobj" && given.size() >= 2 && !given[0].taint.empty())
    return store(given[1].node, given[0].taint);
  if (kind_of(function) != Kind::attribute) return;
  if (name == "save" && !receiver.empty() && !given.empty()) return store(given[0].node, receiver);
  if (!among(filling_methods, name)) return;
  Taint filled;
  for (const Given& g : given) filled.join(g.taint);
  if (filled.empty()) return;
  Ast object = field(function, Field::object);
  if (name == "write" || name == "writelines" || name == "write_bytes")
    return store(object, filled);
  filled.join(receiver);
  assign(object, nullptr, filled, 0);
}

// Outside content goes into a file: into what stands for it, and the path that it was opened by.
void Flow::store(Ast path, const Taint& content) {
  Taint t = content;
  t.stored = true;
  for (int i = 0; i < 2 && kind_of(path) == Kind::identifier; ++i) {
    Taint now = lookup(source_.of(path), scope_);
    now.join(t);
    assign(path, nullptr, now, 0);
    std::uint32_t in = 0;
    const Binding* b = evaluation_.find(source_.of(path), scope_, in);
    if (b == nullptr || kind_of(b->value) != Kind::call) return;
    if (!source_.of(field(b->value, Field::function)).ends_with("open")) return;
    std::vector<Ast> arguments = listed(field(b->value, Field::arguments), 1);
    if (arguments.empty()) return;
    path = arguments[0];
  }
}

// What comes out of a call of something that the module does not define.
Taint Flow::result(const PyCall& c, Ast n, const Taint& receiver, const std::vector<Given>& given) {
  std::string_view name = c.name;
  std::string_view last = last_of(name);
  Ast function = field(n, Field::function);
  bool method = kind_of(function) == Kind::attribute;
  if (method && last.empty()) last = source_.of(field(function, Field::attribute));
  if (c.rooted) {
    for (const FlowSource& s : source_calls)
      if (name == s.name) return from(s.origin, n);
    if (among(cleaning_calls, name)) return {};
    for (std::string_view r : cleaning_roots)
      if (name.starts_with(r)) return {};
  }
  if (method) {
    Ast object = field(function, Field::object);
    if (models_) {
      for (const FlowSource& s : source_methods)
        if (name.ends_with(s.name)) {
          bool retriever = contains(lower(source_.of(object).substr(0, 200)), "retriever");
          return from(retriever ? PyOrigin::document : s.origin, n);
        }
      if (c.rooted && among(agent_roots, root_of(name)))
        for (std::string_view m : agent_methods)
          if (name.ends_with(m)) return from(PyOrigin::model_output, n);
    }
    if (sockets_)
      for (std::string_view m : socket_methods)
        if (name.ends_with(m)) return from(PyOrigin::peer, n);
    if (web_) {
      if (source_.of(object) == "self" && among(handler_methods, last))
        return from(PyOrigin::request, n);
      for (std::string_view m : receive_methods)
        if (std::string_view(name).ends_with(m)) return from(PyOrigin::request, n);
    }
    if (among(cleaning_methods, last)) return {};
    // MODELS.get(name): one of the program's own values.
    // request.args.get("n", type=int): a number.
    const PyValue* type = c.keyword("type");
    if (last == "get" && type != nullptr &&
        (type->text == "builtins.int" || type->text == "builtins.float" || type->text == "int" ||
         type->text == "float"))
      return {};
    if ((last == "get" || last == "pop") && !c.rooted) return receiver;
  }
  Taint t = receiver;
  for (const Given& g : given) t.join(g.taint);
  if (c.rooted && among(html_escaping, name)) t.escaped = true;
  // splitext keeps the folder in its first part; what follows is mostly the second.
  if (c.rooted && among(last_part_calls, name)) t.flat = true;
  if (last == "format" || last == "join" || last == "replace") t.composed = true;
  if (name == "os.path.join") t.composed = true;
  return t;
}

std::string_view Flow::sink_class(std::string_view what, const PyCall& c, const Taint& arrived,
                                  const Given* argument) {
  if (what == "process") {
    const PyValue* v = c.argument(0, "args");
    const PyValue* shell = c.keyword("shell");
    if (shell != nullptr && !shell->is_false()) return "command";
    bool list = v != nullptr && v->type == PyValue::Type::list;
    if (list && argument != nullptr && kind_of(argument->node) == Kind::list) {
      Ast first = child_at(argument->node, 0);
      if (!expression(first, 100).empty() || starts_shell(v)) return "command";
    }
    return list ? "argument" : "command";
  }
  if (what == "html") {
    bool streamlit = c.name == "streamlit.markdown" || c.name == "streamlit.write";
    if (streamlit && !is_text_keyword(c.keyword("unsafe_allow_html"), "True")) return "";
    return arrived.escaped ? "" : what;
  }
  if (what == "upload") return "file-write";
  if (what == "file") return writes(c) ? "file-write" : "file-read";
  if (what == "sql" && c.name.ends_with(".execute")) return sql_ && arrived.composed ? "sql" : "";
  if (what == "sql" && c.name.find(".execute") != std::string::npos) return sql_ ? "sql" : "";
  if (what == "unpickle") {
    if (c.name == "torch.load" && is_text_keyword(c.keyword("weights_only"), "True")) return "";
    if (c.name == "numpy.load" && !is_text_keyword(c.keyword("allow_pickle"), "True")) return "";
    if (c.name == "skops.io.load" && c.keyword("trusted") == nullptr) return "";
    if (c.name == "yaml.load" || c.name == "yaml.load_all") {
      const PyValue* loader = c.argument(1, "Loader");
      if (loader != nullptr && safe_loader(loader->text)) return "";
    }
  }
  return what;
}

void Flow::sinks(std::uint32_t index, const Taint& receiver, const std::vector<Given>& given) {
  const PyCall& c = out_.calls[index];
  for (const FlowSink& s : flow_sinks) {
    if (s.name.starts_with('.') ? !c.name.ends_with(s.name) : !c.rooted || c.name != s.name)
      continue;
    const Given* argument = nullptr;
    int position = 0;
    for (const Given& g : given) {
      if (!g.name.empty() && g.name == s.keyword) argument = &g;
      if (g.name.empty() && position++ == s.index && argument == nullptr) argument = &g;
    }
    const Taint& t = s.index < 0 ? receiver : argument != nullptr ? argument->taint : Taint{};
    // upload.save(path): only of an object that came from outside itself.
    if (t.empty() || (s.what == "upload" && (receiver.labels & origin_mask) == 0)) continue;
    std::string_view what = sink_class(s.what, c, t, argument);
    if (what.empty()) continue;
    if (t.stored && what != "unpickle" && what != "archive") continue;
    if (t.flat && what.starts_with("file-")) continue;
    Taint arrived = t;
    arrive(index, what, arrived, {});
    return;
  }
}

// A value arrives at a call: a flow for each outside origin, and for each parameter a line in the
// sum of the function.
void Flow::arrive(std::uint32_t call, std::string_view what, const Taint& t,
                  const std::vector<PyStep>& inner) {
  for (unsigned o = 1; o < origin_bits; ++o) {
    if ((t.labels & (1U << o)) == 0 || flows_.size() >= max_flows) continue;
    auto [it, fresh] = flows_.try_emplace({call, o});
    if (!fresh) continue;
    PyFlow& f = it->second;
    f.origin = static_cast<PyOrigin>(o);
    f.what = what;
    f.call = call;
    f.composed = t.composed;
    f.steps = way(t.outside);
    f.steps.insert(f.steps.end(), inner.begin(), inner.end());
    if (f.steps.size() > max_steps)
      f.steps.erase(f.steps.begin() + static_cast<std::ptrdiff_t>(max_steps / 2),
                    f.steps.end() - static_cast<std::ptrdiff_t>(max_steps / 2));
  }
  std::vector<ReachedCall>& reached = summaries_[scope_].reached;
  for (unsigned p = 0; p < max_parameters; ++p) {
    if ((t.labels & (1U << (origin_bits + p))) == 0 || reached.size() >= max_reached) continue;
    bool known = std::any_of(reached.begin(), reached.end(), [&](const ReachedCall& r) {
      return r.parameter == p && r.call == call;
    });
    if (known) continue;
    if (++all_reached_ > max_all_reached) {
      if (out_.problem.empty()) out_.problem = "values were followed through some functions only";
      return;
    }
    ReachedCall r{p, call, what, t.composed, way(t.parameter)};
    r.steps.insert(r.steps.end(), inner.begin(), inner.end());
    if (r.steps.size() > max_steps) r.steps.resize(max_steps);
    reached.push_back(std::move(r));
    changed_ = true;
  }
}

// The scope of a function of this module; `shift` parameters are filled by the language (self).
std::int64_t Flow::callee(Ast function, std::size_t& shift) {
  const Binding* b = nullptr;
  std::uint32_t in = 0;
  if (kind_of(function) == Kind::identifier) {
    b = evaluation_.find(source_.of(function), scope_, in);
  } else if (kind_of(function) == Kind::attribute) {
    Ast object = field(function, Field::object);
    if (kind_of(object) != Kind::identifier) return -1;
    std::string_view o = source_.of(object);
    std::int64_t owner = -1;
    if (o == "self" || o == "cls") {
      for (std::uint32_t s = scope_; owner < 0 && s != 0; s = source_.scopes[s].parent)
        if (source_.scopes[s].type == Scope::Type::classes) owner = s;
    } else {
      owner = evaluation_.class_of(object, scope_);
    }
    if (owner < 0) return -1;
    const Scope& in_scope = source_.scopes[static_cast<std::uint32_t>(owner)];
    auto it = in_scope.names.find(source_.of(field(function, Field::attribute)));
    if (it != in_scope.names.end()) b = &it->second;
  }
  if (b == nullptr || b->type != Binding::Type::definition || b->value == nullptr) return -1;
  auto it = source_.scope_of.find(b->value);
  if (it == source_.scope_of.end() || source_.scopes[it->second].type != Scope::Type::function)
    return -1;
  const auto& parameters = source_.scopes[it->second].parameters;
  if (!parameters.empty()) {
    std::string_view first = source_.of(parameters[0]);
    if (first == "self" || first == "cls") shift = 1;
  }
  return it->second;
}

Taint Flow::apply(std::uint32_t scope, std::size_t shift, Ast n, const std::vector<Given>& given) {
  const auto& parameters = source_.scopes[scope].parameters;
  std::vector<Taint> of(std::min(parameters.size(), max_parameters));
  std::size_t position = shift;
  for (const Given& g : given) {
    if (g.name == "*" || g.name == "**") {
      for (Taint& t : of) t.join(g.taint);
    } else if (g.name.empty()) {
      if (position < of.size()) of[position].join(g.taint);
      ++position;
    } else {
      for (std::size_t i = 0; i < of.size(); ++i)
        if (source_.of(parameters[i]) == g.name) of[i].join(g.taint);
    }
  }
  for (Taint& t : of)
    if (!t.empty()) step(t, n);
  // arrive() may add to the sum that is read, where a function calls itself.
  std::vector<ReachedCall> reached = summaries_[scope].reached;
  for (const ReachedCall& r : reached) {
    if (r.parameter >= of.size() || of[r.parameter].empty()) continue;
    Taint t = of[r.parameter];
    t.composed = t.composed || r.composed;
    arrive(r.call, r.what, t, r.steps);
  }
  const Taint& returns = summaries_[scope].returns;
  Taint out;
  out.labels = returns.labels & origin_mask;
  out.outside = returns.outside;
  out.composed = returns.composed;
  for (std::size_t i = 0; i < of.size(); ++i)
    if ((returns.labels & (1U << (origin_bits + i))) != 0) out.join(of[i]);
  out.composed = out.composed || (returns.composed && !out.empty());
  return out;
}

}  // namespace parapet::python
