// .env files: variables for whatever is started beside them.
#include "base/secret_names.h"
#include "base/text.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  std::string_view name = file_name(a.name);
  bool own = name.starts_with(".env") || name.ends_with(".env") || name == ".flaskenv";
  for (std::string_view sample : {"example", "sample", "template", "dist", "default"})
    own = own && !contains(name, sample);
  if (!own) return;
  for (const Document& d : documents) {
    if (d.syntax != "ini") continue;
    sink.is("dotenv");
    for (std::size_t i = 0; i < d.root.keys.size() && sink.next(); ++i) {
      const Node& v = d.root.items[i];
      if (!v.is_scalar()) continue;
      add_setting("env", d.root.keys[i].text, v, sink);
    }
  }
}

}  // namespace

extern const Dialect dotenv;
const Dialect dotenv{"dotenv", ".env files", read, nullptr};

}  // namespace parapet::dialects
