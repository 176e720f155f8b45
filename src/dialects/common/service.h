#pragma once
// From a process or container of a known product to the `service` that it is.
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "model/sink.h"

namespace parapet::dialects {

struct Setting {
  std::string value;
  bool known = true;
  bool given = false;  // false: the product's default
};

// The first of the flags that was given, else the first of the variables, else the default.
Setting pick(const Fact& f, std::initializer_list<std::string_view> flags,
             std::initializer_list<std::string_view> variables, std::string_view otherwise);
bool has_flag(const Fact& process, std::initializer_list<std::string_view> names);
// Was the whole command line seen, and the whole environment? Only then does absence say something.
bool is_complete(const Sink& sink, const Fact& process);
// A variable of the process or of its container.
const Attribute* variable(const Sink& sink, const Fact& f, std::string_view name);

struct Serving {
  std::string_view product;
  Setting host, port;
  std::string auth;  // empty: not known
  std::vector<std::string> controls = {};
  std::string_view part = {};  // of the product, as "management"
};

// Adds the service and, of one without `part`, gives its process the `reach` it turned out to have:
// so services of parts are added first.
std::int32_t add_service(Sink& sink, std::int32_t from, const Serving& serving);

bool is_loopback(std::string_view host);

// Calls `see` with a copy of each process of these programs (facts move when one is added).
void each_process(Sink& sink, std::initializer_list<std::string_view> programs,
                  const std::function<void(std::int32_t index, const Fact& process)>& see);
void each_fact(Sink& sink, std::string_view kind,
               const std::function<void(std::int32_t index, const Fact& fact)>& see);

// "auth" of a server that is open unless one of these flags or variables stands: `with` when one
// does, "none" when everything was seen and none does, empty otherwise.
std::string auth_unless(const Sink& sink, const Fact& process,
                        std::initializer_list<std::string_view> flags,
                        std::initializer_list<std::string_view> variables, std::string_view with);

}  // namespace parapet::dialects
