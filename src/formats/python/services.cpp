// Servers and agents that a program starts.
#include <algorithm>

#include "base/text.h"
#include "formats/python/facts.h"

namespace parapet::python {
namespace {

bool is_loopback(std::string_view host) {
  return host.starts_with("127.") || host == "localhost" || host == "::1";
}

std::string_view reach_of(std::string_view host) {
  if (is_loopback(host)) return "loopback";
  if (host == "0.0.0.0" || host == "::" || host.empty()) return "network";
  return "network";
}

struct Server {
  std::string_view prefix, suffix;  // of the resolved name
  std::string_view product;
  std::string_view host_keyword;
  std::string_view port_keyword;
  std::string_view default_host;  // of the product
  std::string_view default_port;
};
constexpr Server servers[] = {
    {"uvicorn.run", "", "uvicorn", "host", "port", "127.0.0.1", "8000"},
    {"uvicorn.Config", "", "uvicorn", "host", "port", "127.0.0.1", "8000"},
    {"hypercorn.", "serve", "hypercorn", "bind", "", "127.0.0.1", "8000"},
    {"waitress.serve", "", "waitress", "host", "port", "0.0.0.0", "8080"},
    {"flask.Flask()", ".run", "flask", "host", "port", "127.0.0.1", "5000"},
    {"quart.Quart()", ".run", "quart", "host", "port", "127.0.0.1", "5000"},
    {"flask_socketio.SocketIO()", ".run", "flask", "host", "port", "127.0.0.1", "5000"},
    {"dash.Dash()", ".run", "dash", "host", "port", "127.0.0.1", "8050"},
    {"dash.Dash()", ".run_server", "dash", "host", "port", "127.0.0.1", "8050"},
    {"bottle.", "run", "bottle", "host", "port", "127.0.0.1", "8080"},
    {"sanic.Sanic()", ".run", "sanic", "host", "port", "127.0.0.1", "8000"},
    {"aiohttp.web.run_app", "", "aiohttp", "host", "port", "0.0.0.0", "8080"},
    {"ray.init", "", "ray", "dashboard_host", "dashboard_port", "127.0.0.1", "8265"},
    {"ray.serve.HTTPOptions", "", "ray-serve", "host", "port", "127.0.0.1", "8000"},
    {"mcp.server.fastmcp.FastMCP()", ".run", "mcp", "host", "port", "127.0.0.1", "8000"},
    {"fastmcp.FastMCP()", ".run", "mcp", "host", "port", "127.0.0.1", "8000"},
    {"mcp.server.fastmcp.FastMCP", "", "mcp", "host", "port", "127.0.0.1", "8000"},
    {"litserve.LitServer()", ".run", "litserve", "host", "port", "0.0.0.0", "8000"},
    {"mlserver.", ".start", "mlserver", "host", "http_port", "0.0.0.0", "8080"},
    {"nicegui.ui.run", "", "nicegui", "host", "port", "0.0.0.0", "8080"},
    {"dask.distributed.LocalCluster", "", "dask", "host", "scheduler_port", "127.0.0.1", "8786"},
};

const Server* server_of(const PyCall& c) {
  for (const Server& s : servers) {
    if (s.suffix.empty() ? c.name == s.prefix
                         : c.name.starts_with(s.prefix) && c.name.ends_with(s.suffix))
      return &s;
  }
  return nullptr;
}

void set_host(Fact& f, const PyValue* host, std::string_view fallback, bool unpacks) {
  if (host == nullptr || host->type == PyValue::Type::none) {
    f.set("host", fallback, !unpacks).set("reach", reach_of(fallback), !unpacks);
  } else {
    set_value(f, "host", *host);
    f.set("reach", host->is_text() ? reach_of(host->text) : "loopback", host->is_text());
  }
}

void set_port(Fact& f, const PyValue* port, std::string_view fallback) {
  if (port != nullptr && port->type != PyValue::Type::none)
    set_value(f, "port", *port);
  else if (!fallback.empty())
    f.set("port", fallback);
}

void add_gradio(const PyCall& c, const Module& m) {
  Fact f{"service", {}, m.place(c), m.says(c)};
  f.set("product", "gradio");
  const PyValue* share = c.keyword("share");
  if (share != nullptr && share->is_true()) {
    f.set("reach", "public").set("share", "yes");
    if (const PyValue* host = c.keyword("server_name"); host != nullptr)
      set_value(f, "host", *host);
  } else {
    set_host(f, c.keyword("server_name"), "127.0.0.1", c.unpacks());
  }
  set_port(f, c.keyword("server_port"), "7860");
  const PyValue* auth = c.keyword("auth");
  if (auth == nullptr) auth = c.keyword("auth_dependency");
  if (auth == nullptr || auth->type == PyValue::Type::none)
    f.set("auth", "none", !c.unpacks());
  else
    f.set("auth", "password");
  m.sink.add(std::move(f));
  if (auth == nullptr || auth->type != PyValue::Type::list || !auth->known ||
      auth->items.size() != 2)
    return;
  Fact id{
      "identity",
      {},
      m.place(c),
      "gradio login \"" + printable(auth->items[0].text, 40) + "\" with its password in the code"};
  const std::string& secret = auth->items[1].text;
  bool weak = secret == auth->items[0].text || secret == "admin" || secret == "password" ||
              secret == "1234";
  id.set("product", "gradio").set("user", auth->items[0].text);
  id.set("secret", secret.empty() ? "empty" : weak ? "default" : "literal");
  m.sink.add(std::move(id));
}

void add_server(const PyCall& c, const Module& m) {
  if (c.name.starts_with("gradio.") && c.name.ends_with(".launch")) return add_gradio(c, m);
  if (c.name == "pyngrok.ngrok.connect" || c.name == "ngrok.forward" || c.name == "ngrok.connect") {
    Fact f{"service", {}, m.place(c), m.says(c)};
    f.set("product", "ngrok").set("reach", "public");
    if (const PyValue* port = c.argument(0, "addr"); port != nullptr) set_value(f, "port", *port);
    m.sink.add(std::move(f));
    return;
  }
  if (c.name == "http.server.HTTPServer" || c.name == "http.server.ThreadingHTTPServer" ||
      c.name == "socketserver.TCPServer" || c.name == "xmlrpc.server.SimpleXMLRPCServer") {
    const PyValue* address = c.positional(0);
    if (address == nullptr || address->items.size() != 2) return;
    Fact f{"service", {}, m.place(c), m.says(c)};
    f.set("product", "python-http");
    set_host(f, &address->items[0], "0.0.0.0", false);
    set_port(f, &address->items[1], "");
    m.sink.add(std::move(f));
    return;
  }
  const Server* s = server_of(c);
  if (s == nullptr) return;
  // FastMCP speaks over its own standard input unless a transport is asked for.
  if (s->product == "mcp") {
    const PyValue* transport = c.keyword("transport");
    bool network = transport != nullptr && transport->is_text() && transport->text != "stdio";
    if (c.name.ends_with(".run") && !network) return;
    if (!c.name.ends_with(".run") && c.keyword("host") == nullptr) return;
  }
  if (c.name == "ray.init" && c.keyword("dashboard_host") == nullptr) return;
  Fact f{"service", {}, m.place(c), m.says(c)};
  f.set("product", s->product);
  bool positional_host = s->product == "flask" || s->product == "dash";
  set_host(f, positional_host ? c.argument(0, s->host_keyword) : c.keyword(s->host_keyword),
           s->default_host, c.unpacks());
  set_port(f, s->port_keyword.empty() ? nullptr : c.keyword(s->port_keyword), s->default_port);
  if (const PyValue* debug = c.keyword("debug"); debug != nullptr) {
    if (debug->is_true())
      f.set("debug", "yes");
    else if (!debug->is_false())
      f.set("debug", "yes", false);
  }
  m.sink.add(std::move(f));
}

void put_agent(const PyCall& c, const Module& m, std::string_view setting, std::string_view value,
               bool known = true) {
  Fact f{"agent", {}, m.place(c), m.says(c)};
  f.set("framework", std::string_view(c.name).substr(0, c.name.find('.')));
  f.set("setting", setting).set("value", value, known);
  m.sink.add(std::move(f));
}

struct Dangerous {
  std::string_view last;     // last part of the resolved name
  std::string_view setting;  // what the fact says
};
// Tools that run what a model writes.
constexpr Dangerous tools[] = {
    {"PythonREPLTool", "tool"},
    {"PythonAstREPLTool", "tool"},
    {"PythonREPL", "tool"},
    {"ShellTool", "tool"},
    {"BashProcess", "tool"},
    {"PALChain", "chain"},
    {"LocalCommandLineCodeExecutor", "executor"},
    {"create_python_agent", "agent"},
    {"create_pandas_dataframe_agent", "agent"},
    {"create_csv_agent", "agent"},
    {"create_spark_dataframe_agent", "agent"},
    {"PythonInterpreterTool", "tool"},
    {"LocalPythonExecutor", "executor"},
    {"LocalShellTool", "tool"},
    {"PandasQueryEngine", "engine"},
    {"CodeInterpreterTool", "tool"},
};

bool is_agent_framework(std::string_view root) {
  for (std::string_view r :
       {"langchain", "langchain_experimental", "langchain_community", "langchain_core", "langgraph",
        "autogen", "autogen_ext", "autogen_agentchat", "smolagents", "crewai", "crewai_tools",
        "llama_index", "agents", "transformers", "interpreter", "phi", "agno"})
    if (root == r) return true;
  return false;
}

void add_agent(const PyCall& c, const Module& m) {
  std::string_view root = std::string_view(c.name).substr(0, c.name.find('.'));
  for (const PyArgument& a : c.arguments)
    if (a.name.starts_with("allow_dangerous_") && a.value.is_true())
      put_agent(c, m, a.name, "true");
  if (!is_agent_framework(root)) return;
  std::string_view last = std::string_view(c.name).substr(c.name.rfind('.') + 1);
  for (const Dangerous& d : tools)
    if (last == d.last) put_agent(c, m, d.setting, last);
  if (last == "load_tools") {
    const PyValue* names = c.argument(0, "tool_names");
    if (names != nullptr)
      for (const PyValue& n : names->items)
        if (n.text == "terminal" || n.text == "python_repl" || n.text == "requests_all")
          put_agent(c, m, "tool", n.text);
  }
  if (const PyValue* v = c.keyword("code_execution_config"); v != nullptr) {
    std::string text = replace_all(replace_all(v->text, " ", ""), "'", "\"");
    if (contains(text, "\"use_docker\":False")) put_agent(c, m, "use_docker", "false");
  }
  if (last == "CodeAgent" && root == "smolagents") {
    const PyValue* executor = c.keyword("executor_type");
    if (executor == nullptr ? !c.unpacks() : executor->text == "local")
      put_agent(c, m, "executor_type", "local");
    if (const PyValue* v = c.keyword("additional_authorized_imports"); v != nullptr)
      for (const PyValue& n : v->items)
        if (n.text == "*" || n.text == "os" || n.text == "subprocess")
          put_agent(c, m, "additional_authorized_imports", n.text);
  }
  if (root == "crewai") {
    if (const PyValue* v = c.keyword("allow_code_execution"); v != nullptr && v->is_true()) {
      const PyValue* mode = c.keyword("code_execution_mode");
      bool unsafe = mode != nullptr && mode->text == "unsafe";
      put_agent(c, m, "code_execution_mode", unsafe ? "unsafe" : "safe");
    }
  }
}

}  // namespace

void add_services(const PyCall& call, const Module& module) {
  if (!call.rooted || call.name.empty()) return;
  add_server(call, module);
  add_agent(call, module);
}

}  // namespace parapet::python
