#include "syntax/python/entry.h"

#include <algorithm>

#include "base/text.h"
#include "syntax/python/flow_tables.h"

namespace parapet::python {
namespace {

// "@app.post(...)": a web framework calls the function with what a client sent.
constexpr std::string_view route_names[] = {
    "route",     "get",         "post",     "put",        "patch",   "delete",
    "websocket", "api_route",   "endpoint", "on_message", "message", "exception_handler",
    "api_view",  "http_trigger"};
constexpr std::string_view plain_routes[] = {"bentoml.api", "cl.on_message", "chainlit.on_message",
                                             "api_view", "csrf_exempt"};
// "@mcp.tool()": a model chooses the arguments.
constexpr std::string_view tool_names[] = {"tool",        "function_tool", "kernel_function",
                                           "ai_callable", "tool_plain",    "call_tool"};

bool imports(const Source& source, std::string_view library) {
  return library.empty() ||
         std::any_of(source.imported.begin(), source.imported.end(), [&](std::string_view module) {
           return module == library || (library.starts_with('_') && module.ends_with(library)) ||
                  (module.starts_with(library) && module[library.size()] == '.');
         });
}

// "--model-name" and "model_name" are one.
bool names_option(std::string_view literal, std::string_view parameter) {
  while (!literal.empty() && contains("\"'-", literal.substr(0, 1))) literal.remove_prefix(1);
  while (!literal.empty() && contains("\"'", literal.substr(literal.size() - 1)))
    literal.remove_suffix(1);
  return literal.size() == parameter.size() &&
         std::equal(literal.begin(), literal.end(), parameter.begin(),
                    [](char a, char b) { return a == b || (a == '-' && b == '_'); });
}

void read_command(const Source& source, Ast decorated, Entry& e) {
  for (Ast d : children(decorated, 64)) {
    if (kind_of(d) != Kind::decorator) continue;
    Ast call = child_at(d, 0);
    if (kind_of(call) != Kind::call) continue;
    std::string_view text = source.of(field(call, Field::function));
    if (text.ends_with(".command") || text == "command") e.command = true;
    if (text == "click.option" || text == "option") e.options.push_back(call);
  }
}

PyOrigin by_decorators(const Source& source, Ast decorated) {
  PyOrigin origin = PyOrigin::program;
  for (Ast d : children(decorated, 16)) {
    if (kind_of(d) != Kind::decorator) continue;
    Ast e = child_at(d, 0);
    bool called = kind_of(e) == Kind::call;
    if (called) e = field(e, Field::function);
    std::string_view text = source.of(e);
    std::string_view last = text.substr(text.rfind('.') + 1);
    bool route =
        (called && contains(text, ".") && among(route_names, last)) || among(plain_routes, text);
    if (route) origin = PyOrigin::request;
    if (origin == PyOrigin::program && among(tool_names, last)) origin = PyOrigin::tool_argument;
  }
  return origin;
}

}  // namespace

PyOrigin Entry::origin_of(std::string_view parameter, std::string_view declaration) const {
  for (std::size_t i = 0; i < std::size(handler_shapes); ++i)
    if ((shapes & (1U << i)) != 0 && handler_shapes[i].parameter == parameter)
      return PyOrigin::request;
  // Dependencies of FastAPI, and the context of a tool, are the server's own objects.
  bool own = contains(declaration, "Depends(") || contains(declaration, "Security(") ||
             contains(declaration, "Context") || contains(declaration, "BackgroundTasks") ||
             contains(declaration, "Session");
  return own ? PyOrigin::program : origin;
}

Ast Entry::default_of(std::string_view parameter, Ast written, const Source& source) const {
  for (Ast call : options) {
    bool named = false;
    Ast value = nullptr;
    for (Ast a : children(field(call, Field::arguments), 24)) {
      if (kind_of(a) == Kind::string) named = named || names_option(source.of(a), parameter);
      if (kind_of(a) == Kind::keyword_argument && source.of(field(a, Field::name)) == "default")
        value = field(a, Field::value);
    }
    if (named) return value;
  }
  return command ? written : nullptr;
}

Entry entry_of(const Source& source, Ast decorated, Ast definition) {
  Entry e;
  Ast name_node = field(definition, Field::name);
  std::string_view name = name_node == nullptr ? std::string_view() : source.of(name_node);
  std::string_view parameters = source.of(field(definition, Field::parameters)).substr(0, 200);
  bool servicer = contains(parameters, "request") && contains(parameters, "context");
  if (decorated != nullptr) {
    e.origin = by_decorators(source, decorated);
    read_command(source, decorated, e);
  }
  if (e.origin == PyOrigin::program &&
      std::find(source.ui_callbacks.begin(), source.ui_callbacks.end(), name) !=
          source.ui_callbacks.end())
    e.origin = PyOrigin::request;
  for (std::size_t i = 0; i < std::size(handler_shapes); ++i)
    if ((handler_shapes[i].function.empty() ? servicer : name == handler_shapes[i].function) &&
        imports(source, handler_shapes[i].library))
      e.shapes |= 1U << i;
  return e;
}

bool is_harmless(std::string_view parameter, std::string_view type) {
  for (std::string_view numeric :
       {"int", "float", "bool", "UUID", "uuid.UUID", "datetime", "date", "Optional[int]",
        "Optional[float]", "Optional[bool]", "int | None", "float | None", "bool | None"})
    if (type == numeric) return true;
  return parameter == "self" || parameter == "cls" || type.starts_with("Literal[");
}

void find_ui_callbacks(Source& source) {
  static constexpr std::string_view marks[] = {"Interface(", "ChatInterface(", ".click(",
                                               ".submit(", ".change("};
  if (!contains(source.text, "gradio")) return;
  for (std::string_view mark : marks) {
    std::size_t at = 0;
    while ((at = source.text.find(mark, at)) != std::string_view::npos &&
           source.ui_callbacks.size() < 64) {
      at += mark.size();
      std::string_view rest = trim(source.text.substr(at, 120));
      if (rest.starts_with("fn")) {
        rest = trim(rest.substr(2));
        if (!rest.starts_with('=')) continue;
        rest = trim(rest.substr(1));
      }
      std::size_t n = 0;
      while (n < rest.size() && is_word(rest[n])) ++n;
      if (n > 0) source.ui_callbacks.push_back(rest.substr(0, n));
    }
  }
}

}  // namespace parapet::python
