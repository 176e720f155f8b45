#include "syntax/python.h"

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "syntax/python/flow.h"
#include "syntax/python/flow_tables.h"

namespace parapet {

const PyValue* PyCall::positional(std::size_t index) const {
  for (const auto& a : arguments) {
    if (!a.name.empty()) continue;
    if (index-- == 0) return &a.value;
  }
  return nullptr;
}

const PyValue* PyCall::keyword(std::string_view keyword_name) const {
  for (const auto& a : arguments)
    if (a.name == keyword_name) return &a.value;
  return nullptr;
}

const PyValue* PyCall::argument(std::size_t index, std::string_view keyword_name) const {
  const PyValue* v = keyword(keyword_name);
  return v != nullptr ? v : positional(index);
}

bool PyCall::unpacks() const { return keyword("*") != nullptr || keyword("**") != nullptr; }

namespace {

using namespace python;

// Is there anything to follow? A call where values must not arrive, and a place where they enter.
bool has_flows(const Source& source, const PythonModule& m) {
  static const std::unordered_set<std::string_view> sinks = [] {
    std::unordered_set<std::string_view> names{unpickling_receive};
    for (const FlowSink& s : flow_sinks) names.insert(s.name);
    return names;
  }();
  bool arrives = std::any_of(m.calls.begin(), m.calls.end(), [](const PyCall& c) {
    std::string_view name = c.name;
    auto dot = name.rfind('.');
    return (c.rooted && sinks.contains(name)) ||
           (dot != std::string_view::npos && sinks.contains(name.substr(dot)));
  });
  if (!arrives) return false;
  if (source.has_entry || contains(source.text, "argv") || contains(source.text, "request."))
    return true;
  bool library = std::any_of(m.imports.begin(), m.imports.end(), [](const PyImport& i) {
    std::string_view root = std::string_view(i.module).substr(0, i.module.find('.'));
    auto is_root = [&](std::string_view l) { return l == root; };
    return root == "streamlit" ||
           std::any_of(std::begin(web_libraries), std::end(web_libraries), is_root) ||
           std::any_of(std::begin(socket_libraries), std::end(socket_libraries), is_root) ||
           std::any_of(std::begin(model_libraries), std::end(model_libraries), is_root);
  });
  return library || std::any_of(m.calls.begin(), m.calls.end(),
                                [](const PyCall& c) { return c.name == "builtins.input"; });
}

// **options, where the dictionary is written out: its pairs are arguments. False: it is not.
bool expand(Ast splat, std::uint32_t scope, const Source& source, Evaluation& evaluation,
            PyCall& call) {
  Ast d = evaluation.behind(child_at(splat, 0), scope);
  bool of_call = kind_of(d) == Kind::call && source.of(field(d, Field::function)) == "dict";
  if (kind_of(d) != Kind::dictionary && !of_call) return false;
  std::vector<PyArgument> out;
  for (Ast p : children(of_call ? field(d, Field::arguments) : d, 64)) {
    if (kind_of(p) != Kind::pair && kind_of(p) != Kind::keyword_argument) return false;
    PyArgument a;
    if (kind_of(p) == Kind::pair) {
      PyValue key = evaluation.value(field(p, Field::key), scope);
      if (!key.is_text()) return false;
      a.name = key.text;
    } else {
      a.name = std::string(source.of(field(p, Field::name)));
    }
    a.value = evaluation.value(field(p, Field::value), scope);
    out.push_back(std::move(a));
  }
  for (PyArgument& a : out) call.arguments.push_back(std::move(a));
  return true;
}

void read_arguments(Ast list, std::uint32_t scope, const Source& source, Evaluation& evaluation,
                    PyCall& call) {
  if (kind_of(list) != Kind::argument_list) return;
  for (Ast a : children(list, 128)) {
    PyArgument argument;
    switch (+kind_of(a)) {
      case Kind::keyword_argument:
        argument.name = std::string(source.of(field(a, Field::name)));
        argument.value = evaluation.value(field(a, Field::value), scope);
        break;
      case Kind::dictionary_splat:
        if (expand(a, scope, source, evaluation, call)) continue;
        argument.name = "**";
        argument.value = evaluation.value(child_at(a, 0), scope);
        break;
      case Kind::list_splat:
        argument.name = "*";
        argument.value = evaluation.value(child_at(a, 0), scope);
        break;
      default:
        argument.value = evaluation.value(a, scope);
    }
    call.arguments.push_back(std::move(argument));
  }
}

void read_call(const Seen& seen, Source& source, Evaluation& evaluation, PythonModule& out) {
  PyCall call;
  Ast function = field(seen.node, Field::function);
  Resolved r = evaluation.resolve(function, seen.scope);
  call.name = std::move(r.name);
  call.rooted = r.rooted;
  call.offset = seen.node->begin;
  call.length = seen.node->end - call.offset;
  call.within = std::string(source.scopes[seen.scope].name);
  read_arguments(field(seen.node, Field::arguments), seen.scope, source, evaluation, call);
  // partial(torch.load, weights_only=False): what was given there is given here.
  if (r.partial != nullptr) {
    PyCall given;
    read_arguments(field(r.partial, Field::arguments), seen.scope, source, evaluation, given);
    for (PyArgument& a : given.arguments)
      if (!a.name.empty() && call.keyword(a.name) == nullptr)
        call.arguments.push_back(std::move(a));
  }
  out.calls.push_back(std::move(call));
}

void read_setting(const Seen& seen, Source& source, Evaluation& evaluation, PythonModule& out) {
  PySetting s;
  Ast left = field(seen.node, Field::left);
  if (kind_of(left) == Kind::subscript) {
    Ast key = field(left, Field::subscript);
    PyValue k = evaluation.value(key, seen.scope);
    Resolved r = evaluation.resolve(field(left, Field::value), seen.scope);
    if (!k.is_text() || r.name.empty()) return;
    s.target = r.name + "[" + k.text + "]";
  } else {
    Resolved r = evaluation.resolve(left, seen.scope);
    if (r.name.empty()) return;
    s.target = std::move(r.name);
  }
  s.value = evaluation.value(field(seen.node, Field::right), seen.scope);
  s.offset = seen.node->begin;
  s.length = seen.node->end - s.offset;
  out.settings.push_back(std::move(s));
  static_cast<void>(source);
}

void read_function(const Seen& seen, Source& source, Evaluation& evaluation, PythonModule& out) {
  PyFunction f;
  Ast name = field(field(seen.node, Field::definition), Field::name);
  if (name == nullptr) return;
  f.name = std::string(source.of(name));
  f.offset = name->begin;
  f.length = f.name.size();
  for (Ast d : children(seen.node, 16)) {
    if (kind_of(d) != Kind::decorator) continue;
    Ast e = child_at(d, 0);
    if (kind_of(e) == Kind::call) e = field(e, Field::function);
    f.decorators.push_back(evaluation.resolve(e, seen.scope).name);
  }
  out.functions.push_back(std::move(f));
}

}  // namespace

PythonModule read_python(std::string_view text, const KeepGoing& keep_going) {
  PythonModule out;
  if (text.size() > max_python_source) {
    std::size_t end = text.rfind('\n', max_python_source);
    text = text.substr(0, end == std::string_view::npos ? max_python_source : end + 1);
    out.problem = "only the first 2 MiB were read";
    out.problem_at = text.size();
  }
  Tree tree = parse(text);
  Source source;
  source.text = text;
  walk(tree.root, source, out, keep_going);
  Evaluation evaluation(source);
  CallIndex calls;
  for (const Seen& seen : source.seen) {
    if (keep_going && !keep_going()) {
      if (out.problem.empty()) out.problem = "the limit of parse steps";
      break;
    }
    switch (seen.type) {
      case Seen::Type::call:
        calls.emplace(seen.node, static_cast<std::uint32_t>(out.calls.size()));
        read_call(seen, source, evaluation, out);
        break;
      case Seen::Type::setting:
        read_setting(seen, source, evaluation, out);
        break;
      case Seen::Type::decorated:
        read_function(seen, source, evaluation, out);
        break;
    }
  }
  if (has_flows(source, out)) find_flows(tree.root, source, evaluation, calls, out, keep_going);
  if (evaluation.gave_up() && out.problem.empty())
    out.problem = "too many nested expressions to resolve all names";
  return out;
}

}  // namespace parapet
