#include "syntax/python.h"

#include <algorithm>
#include <chrono>
#include <memory>
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

constexpr auto parse_time = std::chrono::seconds(30);

struct Parser {
  std::unique_ptr<TSParser, void (*)(TSParser*)> parser{ts_parser_new(), ts_parser_delete};
};

struct Reading {
  std::string_view text;
  std::chrono::steady_clock::time_point until;
};

std::unique_ptr<TSTree, void (*)(TSTree*)> parse(std::string_view text) {
  Parser p;
  ts_parser_set_language(p.parser.get(), language());
  Reading reading{text, std::chrono::steady_clock::now() + parse_time};
  TSInput input{};
  input.payload = &reading;
  input.encoding = TSInputEncodingUTF8;
  input.read = [](void* payload, std::uint32_t at, TSPoint, std::uint32_t* n) -> const char* {
    const auto& r = *static_cast<const Reading*>(payload);
    std::string_view rest = at < r.text.size() ? r.text.substr(at) : std::string_view();
    *n = static_cast<std::uint32_t>(rest.size());
    return rest.data();
  };
  TSParseOptions options{};
  options.payload = &reading;
  options.progress_callback = [](TSParseState* state) {
    return std::chrono::steady_clock::now() > static_cast<const Reading*>(state->payload)->until;
  };
  return {ts_parser_parse_with_options(p.parser.get(), nullptr, input, options), ts_tree_delete};
}

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
bool expand(TSNode splat, std::uint32_t scope, const Source& source, Evaluation& evaluation,
            PyCall& call) {
  TSNode d = evaluation.behind(ts_node_named_child(splat, 0), scope);
  bool of_call = kind_of(d) == Kind::call && source.of(field(d, Field::function)) == "dict";
  if (kind_of(d) != Kind::dictionary && !of_call) return false;
  std::vector<PyArgument> out;
  for (TSNode p : named_children(of_call ? field(d, Field::arguments) : d, 64)) {
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

void read_arguments(TSNode list, std::uint32_t scope, const Source& source, Evaluation& evaluation,
                    PyCall& call) {
  if (kind_of(list) != Kind::argument_list) return;
  for (TSNode a : named_children(list, 128)) {
    PyArgument argument;
    switch (+kind_of(a)) {
      case Kind::keyword_argument:
        argument.name = std::string(source.of(field(a, Field::name)));
        argument.value = evaluation.value(field(a, Field::value), scope);
        break;
      case Kind::dictionary_splat:
        if (expand(a, scope, source, evaluation, call)) continue;
        argument.name = "**";
        argument.value = evaluation.value(ts_node_named_child(a, 0), scope);
        break;
      case Kind::list_splat:
        argument.name = "*";
        argument.value = evaluation.value(ts_node_named_child(a, 0), scope);
        break;
      default:
        argument.value = evaluation.value(a, scope);
    }
    call.arguments.push_back(std::move(argument));
  }
}

void read_call(const Seen& seen, Source& source, Evaluation& evaluation, PythonModule& out) {
  PyCall call;
  TSNode function = field(seen.node, Field::function);
  Resolved r = evaluation.resolve(function, seen.scope);
  call.name = std::move(r.name);
  call.rooted = r.rooted;
  call.offset = ts_node_start_byte(seen.node);
  call.length = ts_node_end_byte(seen.node) - call.offset;
  call.within = std::string(source.scopes[seen.scope].name);
  read_arguments(field(seen.node, Field::arguments), seen.scope, source, evaluation, call);
  // partial(torch.load, weights_only=False): what was given there is given here.
  if (!ts_node_is_null(r.partial)) {
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
  TSNode left = field(seen.node, Field::left);
  if (kind_of(left) == Kind::subscript) {
    TSNode key = field(left, Field::subscript);
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
  s.offset = ts_node_start_byte(seen.node);
  s.length = ts_node_end_byte(seen.node) - s.offset;
  out.settings.push_back(std::move(s));
  static_cast<void>(source);
}

void read_function(const Seen& seen, Source& source, Evaluation& evaluation, PythonModule& out) {
  PyFunction f;
  TSNode name = field(field(seen.node, Field::definition), Field::name);
  f.name = std::string(source.of(name));
  f.offset = ts_node_start_byte(name);
  f.length = f.name.size();
  for (TSNode d : named_children(seen.node, 16)) {
    if (kind_of(d) != Kind::decorator) continue;
    TSNode e = ts_node_named_child(d, 0);
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
  auto tree = parse(text);
  if (!tree) {
    out.problem = "parsing took longer than 30 seconds";
    return out;
  }
  Source source;
  source.text = text;
  walk(ts_tree_root_node(tree.get()), source, out, keep_going);
  Evaluation evaluation(source);
  CallIndex calls;
  for (const Seen& seen : source.seen) {
    if (keep_going && !keep_going()) {
      if (out.problem.empty()) out.problem = "the limit of parse steps";
      break;
    }
    switch (seen.type) {
      case Seen::Type::call:
        calls.emplace(seen.node.id, static_cast<std::uint32_t>(out.calls.size()));
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
  if (has_flows(source, out))
    find_flows(ts_tree_root_node(tree.get()), source, evaluation, calls, out, keep_going);
  if (evaluation.gave_up() && out.problem.empty())
    out.problem = "too many nested expressions to resolve all names";
  return out;
}

}  // namespace parapet
