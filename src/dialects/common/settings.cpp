#include "dialects/common/settings.h"

#include <string>

#include "base/secret_names.h"
#include "base/text.h"
#include "dialects/common/container.h"

namespace parapet::dialects {
namespace {

void walk(const Node& n, std::string_view product, const std::string& key, Sink& sink, int depth) {
  if (depth > 12 || !sink.next()) return;
  if (n.is_map()) {
    for (std::size_t i = 0; i < n.keys.size(); ++i)
      walk(n.items[i], product, key.empty() ? n.keys[i].text : key + "." + n.keys[i].text, sink,
           depth + 1);
  } else if (n.is_list()) {
    for (const Node& x : n.items) walk(x, product, key, sink, depth + 1);
  } else if (n.is_scalar()) {
    add_setting(product, key, n, sink);
  }
}

}  // namespace

void add_setting(std::string_view product, std::string_view key, const Node& value, Sink& sink) {
  Fact f{"setting",
         {},
         value.place(std::string(key)),
         without_secrets(std::string(key) + " = " + value.text, 160)};
  f.set("product", product)
      .set("key", key)
      .set("value", value.text.substr(0, 4000), is_known(value.text));
  sink.add(std::move(f));
}

void add_settings(const Node& node, std::string_view product, std::string_view prefix, Sink& sink) {
  walk(node, product, std::string(prefix), sink, 0);
}

}  // namespace parapet::dialects
