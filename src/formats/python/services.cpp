// Servers that a program starts.
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
    {"distributed.LocalCluster", "", "dask", "host", "scheduler_port", "127.0.0.1", "8786"},
    {"panel.serve", "", "panel", "address", "port", "0.0.0.0", ""},
    {"bokeh.server.server.Server", "", "bokeh", "address", "port", "0.0.0.0", "5006"},
    {"granian.Granian", "", "granian", "address", "port", "127.0.0.1", "8000"},
    {"robyn.Robyn()", ".start", "robyn", "host", "port", "127.0.0.1", "8080"},
    {"tornado.web.Application()", ".listen", "tornado", "address", "port", "0.0.0.0", ""},
    {"tornado.httpserver.HTTPServer()", ".listen", "tornado", "address", "port", "0.0.0.0", ""},
    {"aiohttp.web.TCPSite", "", "aiohttp", "host", "port", "0.0.0.0", "8080"},
    {"werkzeug.serving.run_simple", "", "werkzeug", "hostname", "port", "127.0.0.1", ""},
    {"wsgiref.simple_server.make_server", "", "wsgiref", "host", "port", "0.0.0.0", ""},
    {"websockets.serve", "", "websockets", "host", "port", "0.0.0.0", ""},
    {"optuna_dashboard.run_server", "", "optuna-dashboard", "host", "port", "127.0.0.1", "8080"},
    {"phoenix.launch_app", "", "phoenix", "host", "port", "0.0.0.0", "6006"},
    {"shiny.run_app", "", "shiny", "host", "port", "127.0.0.1", "8000"},
    {"chainlit.cli.run_chainlit", "", "chainlit", "host", "port", "127.0.0.1", "8000"},
    {"pywebio.start_server", "", "pywebio", "host", "port", "0.0.0.0", ""},
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
  if (const PyValue* paths = c.keyword("allowed_paths"); paths != nullptr)
    for (const PyValue& p : paths->items) set_value(f, "serves", p);
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

// "[::]:50051" and "tcp://*:5555": every interface.
void add_listener(const PyCall& c, const Module& m, std::string_view product,
                  const PyValue* address) {
  if (address == nullptr || !address->is_text()) return;
  std::string_view text = address->text;
  if (auto scheme = text.find("://"); scheme != std::string_view::npos) {
    if (!text.starts_with("tcp")) return;
    text.remove_prefix(scheme + 3);
  }
  auto colon = text.rfind(':');
  std::string_view host = text.substr(0, colon);
  while (!host.empty() && (host.front() == '[')) host.remove_prefix(1);
  while (!host.empty() && (host.back() == ']')) host.remove_suffix(1);
  Fact f{"service", {}, m.place(c), m.says(c)};
  f.set("product", product).set("host", host).set("reach", reach_of(host));
  if (colon != std::string_view::npos) f.set("port", text.substr(colon + 1));
  m.sink.add(std::move(f));
}

void add_server(const PyCall& c, const Module& m) {
  if (c.name == "grpc.server().add_insecure_port" ||
      c.name == "grpc.aio.server().add_insecure_port")
    return add_listener(c, m, "grpc", c.positional(0));
  if (c.name.starts_with("zmq.") && c.name.ends_with(".socket().bind"))
    return add_listener(c, m, "zmq", c.positional(0));
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
    if (const PyValue* handler = c.argument(1, "RequestHandlerClass");
        handler != nullptr && handler->text == "http.server.SimpleHTTPRequestHandler")
      f.set("serves", ".");
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
  bool first = s->product == "flask" || s->product == "dash" || s->product == "werkzeug" ||
               s->product == "wsgiref";
  bool second = s->product == "websockets" || c.name == "aiohttp.web.TCPSite";
  const PyValue* host = first    ? c.argument(0, s->host_keyword)
                        : second ? c.argument(1, s->host_keyword)
                                 : c.keyword(s->host_keyword);
  const PyValue* port = s->port_keyword.empty() ? nullptr : c.keyword(s->port_keyword);
  if (port == nullptr && (first || second)) port = c.positional(second ? 2 : 1);
  if (s->product == "tornado") {
    port = c.argument(0, "port");
    host = c.argument(1, "address");
  }
  set_host(f, host, s->default_host, c.unpacks());
  set_port(f, port, s->default_port);
  const PyValue* debug = c.keyword("debug");
  if (debug == nullptr) debug = c.keyword("use_debugger");
  if (debug != nullptr) {
    if (debug->is_true())
      f.set("debug", "yes");
    else if (!debug->is_false())
      f.set("debug", "yes", false);
  }
  m.sink.add(std::move(f));
}

}  // namespace

void add_services(const PyCall& call, const Module& module) {
  if (!call.rooted || call.name.empty()) return;
  add_server(call, module);
}

}  // namespace parapet::python
