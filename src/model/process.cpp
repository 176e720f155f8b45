#include "model/process.h"

#include "base/secret_names.h"
#include "base/text.h"

namespace parapet {

Fact process_fact(const Process& p, std::string_view line, std::string_view via, Place place) {
  constexpr std::size_t longest_line = 4000;
  Fact f{"process", {}, std::move(place), without_secrets(line)};
  f.set("program", p.program);
  if (!p.subcommand.empty()) f.set("subcommand", p.subcommand);
  if (!p.module.empty()) f.set("module", p.module);
  for (const Flag& flag : p.flags) f.set("flags." + flag.name, flag.value, flag.known);
  for (const Word& w : p.args) f.set("args", w.text, w.known);
  for (const Assignment& a : p.env) f.set("env." + a.name, a.value.text, a.value.known);
  if (!p.complete) f.set("complete", "no");
  f.set("line", line.substr(0, longest_line));
  f.set("via", via);
  return f;
}

}  // namespace parapet
