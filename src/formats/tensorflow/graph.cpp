// tensorflow/core/framework/{graph,node_def,function,attr_value}.proto
#include "formats/tensorflow/graph.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "formats/reference/reference.h"

namespace parapet::tensorflow {
namespace {

using protobuf::f32;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

constexpr unsigned max_hops = 16;      // nodes that a text is followed through
constexpr std::size_t max_given = 16;  // paths that are told apart for one function
constexpr std::size_t longest_text = 4096;
constexpr std::uint64_t max_kept = 2'000'000;  // nodes and functions held at once

// The inputs that carry something, without those that only order what is run.
std::vector<std::string_view> data_inputs(const std::vector<std::string_view>& inputs) {
  std::vector<std::string_view> out;
  for (std::string_view input : inputs)
    if (!input.starts_with('^')) out.push_back(input);
  return out;
}

// Operators that hand on the text of their first input.
constexpr std::array<std::string_view, 13> conduits{
    "EnsureShape",     "ExpandDims", "Identity",      "PlaceholderWithDefault", "PreventGradient",
    "Reshape",         "Snapshot",   "Squeeze",       "StopGradient",           "StringStrip",
    "ShardedFilename", "Pack",       "GuaranteeConst"};

bool is_conduit(std::string_view op) {
  return std::find(conduits.begin(), conduits.end(), op) != conduits.end();
}

// "node", "node:1", "node:output:0" -> "node"
std::string_view producer(std::string_view input) { return input.substr(0, input.find(':')); }

bool is_operator_name(std::string_view s) {
  return !s.empty() && s.size() <= 200 && (is_alpha(s[0]) || s[0] == '_') &&
         std::all_of(s.begin(), s.end(), [](char c) { return is_word(c) || c == '>' || c == '.'; });
}

}  // namespace

bool is_path_of_its_own(std::string_view path) {
  return !path.empty() && !reference::problem_of(path).empty();
}

struct Graph::Node {
  std::string_view name, op;
  std::vector<std::string_view> inputs;
  std::vector<std::string> functions;
  const Power* power = nullptr;
  std::string power_text;  // of the attribute that names a file
  std::string text;        // of a constant, or of a separator
  bool is_text = false;
};

void Graph::read_value(const Field& value, std::string_view name, Node& node, unsigned depth) {
  Message m(r_.walk, value.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):  // a list of any of these
        if (depth == 0) read_value(f, name, node, 1);
        break;
      case len(2):
        if (node.power != nullptr && name == node.power->attribute) {
          // Of single texts the last counts, of a list all do.
          if (depth == 0) node.power_text.clear();
          if (node.power_text.size() < longest_text)
            node.power_text += (node.power_text.empty() ? "" : ", ") +
                               std::string(f.text().substr(0, longest_text));
        }
        if (name == "separator") node.text = f.text().substr(0, longest_text);
        r_.walk.carry(node.name, f);
        break;
      case len(8):
        if (name == "value") {
          read_tensor(r_, f, node.name, &node.text);
          node.is_text = !node.text.empty();
        } else {
          read_tensor(r_, f, node.name, nullptr);
        }
        break;
      case len(9):     // a function in a list; a placeholder's name elsewhere
      case len(10): {  // a function
        std::string_view called = protobuf::text_of(f.body, len(1));
        if ((depth == 1 || f.key == len(10)) && node.functions.size() < 64)
          node.functions.emplace_back(called.substr(0, 400));
        break;
      }
      case num(3):
      case len(3):
      case f32(4):
      case len(4):
      case num(5):
      case len(5):
      case num(6):
      case len(6):
      case len(7):
        break;
      default:
        r_.walk.unknown(f);
    }
}

// One entry of the attributes' map: {1: name, 2: AttrValue}.
void Graph::read_attribute(const Field& entry, Node& node) {
  std::string_view name;
  Message m(r_.walk, entry.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        name = f.text();
        break;
      case len(2):
        read_value(f, name, node, 0);
        break;
      default:
        r_.walk.unknown(f);
    }
}

void Graph::add_node(const Field& field) {
  Node n;
  // What an attribute means depends on the operator, which may stand behind it.
  n.op = protobuf::text_of(field.body, len(2));
  n.name = protobuf::text_of(field.body, len(1));
  n.power = power_of(n.op);
  Message m(r_.walk, field.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(3):
        n.inputs.push_back(f.text());
        break;
      case len(5):
        read_attribute(f, n);
        break;
      case len(1):
      case len(2):
      case len(4):  // device
      case len(6):  // debug information
      case len(7):  // type
        break;
      default:
        r_.walk.unknown(f);
    }
  r_.operators.seen(n.op);
  Suspect suspect{n.op, n.power, n.inputs, n.power_text, field.place()};
  if (r_.kept >= max_kept) {
    if (n.power != nullptr) judge(suspect, {});
    return;
  }
  bool legacy_call = n.op.starts_with('_') || (!n.op.empty() && n.op[0] >= 'a' && n.op[0] <= 'z');
  if (legacy_call) n.functions.emplace_back(n.op);
  if (!n.functions.empty()) {
    calls_.push_back({n.functions, n.inputs});
    ++r_.kept;
  }
  if (n.power != nullptr) {
    ++r_.kept;
    suspects_.push_back(std::move(suspect));
  }
  if (n.is_text || is_conduit(n.op) || n.op == "StringJoin" || r_.assets.contains(n.name)) {
    ++r_.kept;
    sources_[n.name] = {n.op, data_inputs(n.inputs), std::move(n.text), n.is_text};
  }
}

bool Graph::resolve(std::string_view input, std::string& out, unsigned depth) const {
  auto at = sources_.find(producer(input));
  if (at == sources_.end() || depth > max_hops || !r_.walk.sink.next()) return false;
  const Source& s = at->second;
  if (s.is_text) {
    out = s.text;
    return true;
  }
  if (s.op == "StringJoin") {
    std::string joined;
    for (std::string_view part : s.inputs) {
      std::string text;
      if (!resolve(part, text, depth + 1) || joined.size() + text.size() > longest_text)
        return false;
      joined += (joined.empty() ? "" : s.text) + text;
    }
    out = joined;
    return !joined.empty();
  }
  return !s.inputs.empty() && resolve(s.inputs[0], out, depth + 1);
}

bool Graph::is_asset(std::string_view input, unsigned depth) const {
  std::string_view from = producer(input);
  if (r_.assets.contains(from)) return true;
  auto at = sources_.find(from);
  return at != sources_.end() && depth <= max_hops && is_conduit(at->second.op) &&
         !at->second.inputs.empty() && is_asset(at->second.inputs[0], depth + 1);
}

void Graph::judge(const Suspect& s, const std::set<std::string>& given) {
  std::vector<std::string_view> data = data_inputs(s.inputs);
  std::string argument = s.text;
  std::string_view file =
      s.power->input >= 0 && data.size() > static_cast<std::size_t>(s.power->input)
          ? data[static_cast<std::size_t>(s.power->input)]
          : std::string_view();
  bool known = !file.empty() && resolve(file, argument, 0);
  protobuf::Operator op{std::string(s.op), {}, where_, std::string(s.power->power), {}};
  // Loaders put the asset's own path in for the constant, but only where they set the model up:
  // what opens any file is judged by the constant all the same.
  if (s.power->only_with_path && op.power == "reads-files" && is_asset(file, 0)) return;
  if (s.op.starts_with("Debug") && argument.empty()) return;
  if (op.power == "network" && argument.starts_with("file:")) op.power = "writes-files";
  if (s.op == "PrintV2" && !argument.starts_with("file:")) return;
  if (s.power->attribute == "descriptor_source" &&
      (argument.empty() || argument.starts_with("local://") || argument.starts_with("bytes://")))
    return;
  if (s.power->only_with_path && s.power->input >= 0 && !is_path_of_its_own(argument)) {
    // A function is told what to open by its caller.
    if (!known)
      for (const std::string& path : given) {
        op.argument = path;
        r_.operators.add(op, s.place);
      }
    return;
  }
  op.argument = argument.substr(0, 400);
  r_.operators.add(std::move(op), s.place);
}

void Graph::judge(const std::set<std::string>& given) {
  for (const Suspect& s : suspects_)
    if (r_.walk.sink.next()) judge(s, given);
}

std::map<std::string, std::set<std::string>> Graph::passes() const {
  std::map<std::string, std::set<std::string>> out;
  for (const Call& call : calls_)
    for (std::string_view input : call.inputs) {
      std::string text;
      if (!resolve(input, text, 0) || !is_path_of_its_own(text) || is_asset(input, 0)) continue;
      for (const std::string& f : call.functions)
        if (out[f].size() < max_given) out[f].insert(text);
    }
  return out;
}

std::set<std::string> Graph::callees() const {
  std::set<std::string> out;
  for (const Call& call : calls_) out.insert(call.functions.begin(), call.functions.end());
  return out;
}

namespace {

struct Function {
  std::string name;
  Graph body;
};

void read_function(Reading& r, const Field& field, std::vector<Function>& functions) {
  std::string name;
  if (std::optional<Field> signature = protobuf::find_last(field.body, len(1)))
    name = protobuf::text_of(signature->body, len(1)).substr(0, 400);
  Function function{name, Graph(r, "function " + name)};
  Message m(r.walk, field.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(3):
        function.body.add_node(f);
        break;
      case len(1):  // signature
      case len(2):  // nodes of a form that is not written any more
      case len(4):  // ret
      case len(5):  // attr
      case len(6):  // control_ret
      case len(7):  // arg_attr
      case len(8):  // resource_arg_unique_id
        break;
      default:
        r.walk.unknown(f);
    }
  if (++r.kept < max_kept) functions.push_back(std::move(function));
}

void read_library(Reading& r, const Field& library, std::vector<Function>& functions) {
  Message m(r.walk, library.body);
  Field f;
  while (m.next(f)) switch (f.key) {
      case len(1):
        read_function(r, f, functions);
        break;
      case len(2):  // gradients
      case len(3):
        break;
      default:
        r.walk.unknown(f);
    }
}

bool is_node(const Field& f, bool& sure) {
  Outline node = outline(f.body, {len(1), len(2), len(5)});
  const Field *name = node.last(len(1)), *op = node.last(len(2));
  if (name == nullptr || op == nullptr || !protobuf::is_word(name->text()) ||
      !is_operator_name(op->text()))
    return false;
  sure = sure || power_of(op->text()) != nullptr || op->text() == "Const" ||
         op->text() == "Placeholder" || op->text() == "NoOp";
  if (const Field* attribute = node.largest(len(5))) {
    Outline entry = outline(attribute->body, {len(1), len(2)});
    sure = sure || (entry.has(len(1)) && entry.has(len(2)));
  }
  return true;
}

}  // namespace

bool is_graph(Cursor body, bool named_so) {
  Outline top = outline(body, {len(1), len(2)});
  bool sure = named_so;
  if (top.has(len(1))) {
    // {1: name, 2: value} is also what any map of texts looks like: some node must be one for sure.
    Cursor c = body;
    Field f;
    for (unsigned i = 0; i < 64 && protobuf::read_field(c, f); ++i)
      if (f.key == len(1) && !is_node(f, sure)) return false;
    return sure && (top.sound || top.cut);
  }
  const Field* library = top.largest(len(2));
  if (library == nullptr) return false;
  Outline functions = outline(library->body, {len(1)});
  const Field* function = functions.largest(len(1));
  if (function == nullptr) return false;
  Outline parts = outline(function->body, {len(1), len(3)});
  const Field* node = parts.largest(len(3));
  return parts.has(len(1)) && node != nullptr && is_node(*node, sure);
}

void read_graph(Reading& r, const std::vector<Cursor>& parts) {
  Graph main(r, "graph");
  std::vector<Function> functions;
  for (const Cursor& part : parts) {
    Message m(r.walk, part);
    Field f;
    while (m.next(f)) switch (f.key) {
        case len(1):
          main.add_node(f);
          break;
        case len(2):
          read_library(r, f, functions);
          break;
        case num(3):  // version
        case len(4):  // versions
        case len(5):  // debug information
          break;
        default:
          r.walk.unknown(f);
      }
  }
  if (r.kept >= max_kept)
    r.walk.sink.partly("only the first " + std::to_string(max_kept) +
                       " nodes that reach out, call or hold texts were put together");
  // What callers pass goes down the calls until nothing new arrives.
  std::map<std::string, std::set<std::string>> given = main.passes();
  for (const Function& function : functions)
    for (auto& [name, paths] : function.body.passes()) given[name].merge(paths);
  bool moved = !given.empty();
  for (unsigned round = 0; round < max_hops && moved; ++round) {
    moved = false;
    for (const Function& function : functions) {
      auto at = given.find(function.name);
      if (at == given.end() || !r.walk.sink.next()) continue;
      std::set<std::string> paths = at->second;
      for (const std::string& callee : function.body.callees())
        for (const std::string& path : paths)
          if (given[callee].size() < max_given) moved |= given[callee].insert(path).second;
    }
  }
  main.judge({});
  for (Function& function : functions) function.body.judge(given[function.name]);
}

}  // namespace parapet::tensorflow
