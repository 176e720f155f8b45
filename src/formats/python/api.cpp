// Routes that a module serves, what guards them, and which pages may call them from a browser.
#include <algorithm>

#include "base/text.h"
#include "formats/python/facts.h"

namespace parapet::python {
namespace {

// Words of code that asks who a client is; any of them in the module counts.
constexpr std::string_view guards[] = {
    "depends(",      "security(",      "httpbearer",     "httpbasic",   "apikeyheader",
    "apikeyquery",   "x-api-key",      "oauth2",         "login_requi", "jwt",
    "authoriz",      "authentic",      "verify_token",   "permission_", "auth_requi",
    "token_requi",   "check_token",    "verify_key",     "@auth",       "authmiddleware",
    "fastapi_users", "include_router", "before_request", "session["};

struct Seen {
  std::string_view framework;
  const PyCall* first = nullptr;
  std::size_t routes = 0;
  bool docs = true, cors = false, credentials = false;
  const PyCall* cors_call = nullptr;
};

bool is_route(std::string_view name) {
  for (std::string_view last : {".get", ".post", ".put", ".delete", ".patch", ".route",
                                ".websocket", ".api_route", ".add_api_route", ".add_url_rule"})
    if (name.ends_with(last)) return true;
  return false;
}

bool lists_any(const PyValue* v) {
  if (v == nullptr) return false;
  return v->text == "*" || std::any_of(v->items.begin(), v->items.end(), [](const PyValue& item) {
           return item.is_text() && item.text == "*";
         });
}

void look(const PyCall& c, Seen& seen) {
  bool fastapi =
      c.name.starts_with("fastapi.FastAPI()") || c.name.starts_with("fastapi.APIRouter()");
  bool flask = c.name.starts_with("flask.Flask()") || c.name.starts_with("flask.Blueprint()");
  if ((fastapi || flask) && is_route(c.name)) {
    seen.framework = fastapi ? "fastapi" : "flask";
    if (seen.routes++ == 0) seen.first = &c;
  }
  if (c.name == "fastapi.FastAPI")
    if (const PyValue* docs = c.keyword("docs_url"); docs != nullptr)
      seen.docs = docs->type != PyValue::Type::none;
  if (c.name.ends_with(".add_middleware") && lists_any(c.keyword("allow_origins"))) {
    const PyValue* credentials = c.keyword("allow_credentials");
    seen.cors = true;
    seen.credentials = seen.credentials || (credentials != nullptr && credentials->is_true());
    seen.cors_call = &c;
  }
  if (c.name == "flask_cors.CORS") {
    const PyValue* credentials = c.keyword("supports_credentials");
    bool any = lists_any(c.keyword("origins")) ||
               (c.keyword("origins") == nullptr && c.keyword("resources") == nullptr);
    if (!any || c.unpacks()) return;
    seen.cors = true;
    seen.credentials = seen.credentials || (credentials != nullptr && credentials->is_true());
    seen.cors_call = &c;
  }
}

}  // namespace

void add_api(const Module& m) {
  Seen seen;
  for (const PyCall& c : m.code.calls) {
    if (!m.sink.next()) return;
    if (c.rooted) look(c, seen);
  }
  if (seen.cors_call != nullptr && seen.cors) {
    Fact f{"api", {}, m.place(*seen.cors_call), m.says(*seen.cors_call)};
    f.set("cors", "any").set("cors_credentials", seen.credentials ? "yes" : "no");
    m.sink.add(std::move(f));
  }
  if (seen.first == nullptr) return;
  std::string text = lower(m.source.text);
  bool guarded = std::any_of(std::begin(guards), std::end(guards),
                             [&](std::string_view word) { return contains(text, word); });
  Fact f{"api", {}, m.place(*seen.first), m.says(*seen.first)};
  f.set("framework", seen.framework).set("routes", std::to_string(seen.routes));
  f.set("auth", guarded ? "seen" : "none");
  if (seen.framework == "fastapi") f.set("docs", seen.docs ? "yes" : "no");
  m.sink.add(std::move(f));
}

}  // namespace parapet::python
