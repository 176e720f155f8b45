#include "formats/python/facts.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/commands.h"

namespace parapet::python {
namespace {

constexpr std::size_t max_calls = 20'000;  // facts of kind call per artifact
constexpr std::size_t max_arguments = 24;
constexpr std::size_t max_attribute = 400;

std::string_view origin_name(PyOrigin o) {
  static constexpr std::string_view names[] = {"",     "command-line", "document", "tool",
                                               "peer", "model-output", "request"};
  return names[static_cast<std::size_t>(o)];
}

// Where what the call reads comes from, by its first argument.
std::string_view input_of(const PyCall& c) {
  if (c.origin != PyOrigin::program) return origin_name(c.origin);
  const PyValue* v = c.positional(0);
  if (v == nullptr)
    for (std::string_view name :
         {"f", "file", "filename", "filepath", "path", "filepath_or_buffer", "stream"})
      if (v == nullptr) v = c.keyword(name);
  if (v == nullptr) return "";
  if (v->type == PyValue::Type::text && is_url(v->text)) return "url";
  if (v->from_environment) return "environment";
  if (v->known && v->type != PyValue::Type::name) return "literal";
  return "variable";
}

// Of the builtins only these say something; the rest resolves for the sake of arguments.
bool builtin_of_interest(std::string_view name) {
  return name == "builtins.eval" || name == "builtins.exec" || name == "builtins.compile" ||
         name == "builtins.__import__";
}

void add_imports(const Module& m) {
  std::set<std::string_view> seen;
  for (const PyImport& i : m.code.imports) {
    if (!m.sink.next()) return;
    if (!seen.insert(i.module).second) continue;
    Fact f{"import", {}, m.source.place(i.offset, i.length), "imports " + printable(i.module, 80)};
    f.set("name", i.module).set("module", i.module).set("via", m.source.via);
    if (i.name == "*") f.set("star", "yes");
    m.sink.add(std::move(f));
  }
}

// The product whose release decides what the call does when it is not told.
std::string_view decided_by(std::string_view name) {
  if (name == "torch.load") return "torch";                             // weights_only: 2.6
  if (name == "numpy.load") return "numpy";                             // allow_pickle: 1.16.3
  if (name == "yaml.load" || name == "yaml.load_all") return "pyyaml";  // Loader: 5.1 and 6.0
  if (name.ends_with("models.load_model") && contains(name, "keras")) return "keras";  // safe_mode
  if (name == "datasets.load_dataset") return "datasets";  // scripts: none from 4.0
  return "";
}

void add_call(const PyCall& c, const Module& m) {
  Fact f{"call", {}, m.place(c), m.says(c)};
  f.set("name", c.name).set("via", m.source.via);
  std::string args;
  std::size_t position = 0;
  for (const PyArgument& a : c.arguments) {
    if (args.size() < 200) {
      if (!args.empty()) args += ", ";
      if (!a.name.empty()) args += a.name + "=";
      args += a.value.text.substr(0, 120);
    }
    if (a.name == "*" || a.name == "**") {
      f.set("unpacks", "yes");
      continue;
    }
    if (f.attributes.size() < max_arguments)
      set_value(f, a.name.empty() ? "arg." + std::to_string(position) : "kw." + a.name, a.value);
    if (a.name.empty()) ++position;
  }
  f.set("args", args);
  if (std::string_view product = decided_by(c.name); !product.empty())
    f.set("needs_version", product);
  if (std::string_view input = input_of(c); !input.empty()) f.set("input", input);
  if (c.origin != PyOrigin::program && c.origin != PyOrigin::command_line)
    f.set("user_input", "yes");
  if (!c.within.empty()) f.set("within", c.within);
  m.sink.add(std::move(f));
}

// "12 body = request.get_json()": the lines that a value passes.
std::string step_text(const PyStep& s, const Module& m) {
  std::string_view text =
      m.source.text.substr(std::min<std::size_t>(s.offset, m.source.text.size()), s.length);
  text = text.substr(0, text.find('\n'));
  return std::to_string(m.source.place(s.offset, s.length).line) + " " + printable(text, 80);
}

void add_flows(const Module& m) {
  for (const PyFlow& flow : m.code.flows) {
    if (!m.sink.next()) return;
    const PyCall& c = m.code.calls[flow.call];
    Fact f{"flow", {}, m.place(c), m.says(c)};
    f.set("from", origin_name(flow.origin)).set("into", flow.what).set("name", c.name);
    std::string way;
    for (const PyStep& s : flow.steps) {
      std::string text = step_text(s, m);
      way += (way.empty() ? "" : " > ") + text;
      f.set("step", text);
    }
    f.set("way", way).set("via", m.source.via);
    if (flow.composed) f.set("composed", "yes");
    if (!c.within.empty()) f.set("within", c.within);
    m.sink.add(std::move(f));
  }
}

std::string quoted(std::string_view word) {
  bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return is_word(c) || contains("-./:=,@%+", std::string_view(&c, 1));
  });
  return plain ? std::string(word) : "'" + replace_all(word, "'", "'\\''") + "'";
}

// os.system("mlflow server ..."), subprocess.run(["vllm", "serve", ...]).
void add_process(const PyCall& c, const Module& m) {
  static constexpr std::string_view names[] = {"os.system",
                                               "os.popen",
                                               "subprocess.run",
                                               "subprocess.call",
                                               "subprocess.Popen",
                                               "subprocess.check_call",
                                               "subprocess.check_output",
                                               "subprocess.getoutput",
                                               "subprocess.getstatusoutput",
                                               "asyncio.create_subprocess_shell",
                                               "commands.getoutput",
                                               "pty.spawn"};
  if (std::find(std::begin(names), std::end(names), c.name) == std::end(names)) return;
  const PyValue* v = c.argument(0, "args");
  if (v == nullptr) return;
  std::string line;
  if (v->type == PyValue::Type::text) {
    line = replace_all(v->text, "{}", "${x}");
  } else if (v->type == PyValue::Type::list) {
    for (const PyValue& item : v->items) {
      if (!line.empty()) line += ' ';
      bool constant = item.known && item.type != PyValue::Type::name;
      line += constant ? quoted(item.text) : "\"${x}\"";
    }
  }
  if (line.empty()) return;
  Place at = m.place(c);
  add_processes(m.sink, {line, "python", [&](std::size_t, std::size_t) { return at; }});
}

void add_settings(const Module& m) {
  for (const PySetting& s : m.code.settings) {
    if (!m.sink.next()) return;
    if (!s.value.known || s.target.starts_with("self.")) continue;
    bool configuration = s.target.starts_with("c.") && s.target.size() > 2 && s.target[2] >= 'A' &&
                         s.target[2] <= 'Z';
    std::string_view key = s.target;
    std::string_view product = "python";
    if (key.starts_with("AUTH_") || key == "WTF_CSRF_ENABLED") product = "flask-appbuilder";
    if (configuration) {
      key.remove_prefix(2);
      std::string_view owner = key.substr(0, key.find('.'));
      bool hub = owner.starts_with("JupyterHub") || owner.ends_with("Spawner") ||
                 owner.ends_with("Authenticator") || owner == "ConfigurableHTTPProxy";
      product = hub ? "jupyterhub" : "jupyter";
    }
    Fact f{"setting",
           {},
           m.source.place(s.offset, s.length),
           printable(m.source.text.substr(s.offset, s.length), 160)};
    f.set("product", product).set("key", key.substr(0, max_attribute));
    set_value(f, "value", s.value);
    m.sink.add(std::move(f));
  }
}

}  // namespace

std::string Module::says(const PyCall& c) const {
  return printable(
      source.text.substr(std::min<std::size_t>(c.offset, source.text.size()), c.length), 160);
}

void set_value(Fact& fact, std::string_view name, const PyValue& value) {
  fact.set(name, std::string_view(value.text).substr(0, max_attribute), value.known);
}

bool is_url(std::string_view text) {
  auto n = text.find("://");
  if (n == std::string_view::npos || n == 0 || n > 10) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n),
                     [](char c) { return is_alpha(c) || is_digit(c) || c == '+'; });
}

std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find("://")); }

void add_python_facts(const PythonText& source, Sink& sink) {
  PythonModule code = read_python(source.text, [&] { return sink.next(); });
  Module m{source, code, sink};
  for (const PyCall& c : code.calls)
    if (c.name.starts_with("hashlib.")) m.hashing.insert(c.within);
  add_imports(m);
  if (source.via == "torchscript") {
    add_torchscript(m);
  } else {
    std::size_t calls = 0;
    for (const PyCall& c : code.calls) {
      if (!sink.next()) break;
      add_references(c, m);
      add_services(c, m);
      add_agents(c, m);
      if (!c.rooted || c.name.empty()) continue;
      if (c.name.starts_with("builtins.") && !builtin_of_interest(c.name)) continue;
      if (++calls > max_calls) {
        sink.partly("more than " + std::to_string(max_calls) + " calls");
        break;
      }
      add_call(c, m);
      add_process(c, m);
    }
    add_flows(m);
    add_settings(m);
    add_code(m);
    add_agent_settings(m);
    add_api(m);
    add_practice(m);
  }
  if (!code.problem.empty()) {
    Place at = source.place(std::min<std::uint64_t>(code.problem_at, source.text.size()), 0);
    sink.partly(code.problem +
                (at.line != 0 ? " at line " + std::to_string(at.line) : std::string()));
  }
}

}  // namespace parapet::python
