#include "commands/support/config.h"

#include <algorithm>
#include <filesystem>

#include "io/mapped_file.h"
#include "syntax/toml.h"

namespace parapet::commands {
namespace {

Result<int> take(Arguments& a, const Node& key, const Node& value, std::span<const Option> options,
                 const std::string& file) {
  auto option = std::find_if(options.begin(), options.end(),
                             [&](const Option& o) { return o.name == key.text; });
  if (option == options.end()) {
    std::string known;
    for (const Option& o : options) known += " " + std::string(o.name);
    return Fail(Error{file + ", line " + std::to_string(key.line) + ": " + key.text,
                      "is no option; there are" + known});
  }
  if (a.has(key.text)) return 0;
  if (option->value.empty()) {  // a switch
    if (value.text == "true")
      a.options[key.text] = {};
    else if (value.text != "false")
      return Fail(Error{file + ", line " + std::to_string(key.line) + ": " + key.text,
                        "must be true or false"});
    return 0;
  }
  std::vector<std::string>& out = a.options[key.text];
  if (value.is_list())
    for (const Node& item : value.items) out.push_back(item.text);
  else
    out.push_back(value.text);
  return 0;
}

}  // namespace

Result<Arguments> with_config(Arguments a, std::string_view command,
                              std::span<const Option> options) {
  std::error_code error;
  std::string file = a.get("config", "parapet.toml");
  if (!a.has("config") && !std::filesystem::is_regular_file(file, error)) return a;
  OpenFile opened = TRY(open_file(file));
  Parsed parsed = parse_toml(as_text(opened.bytes));
  if (!parsed.ok() || parsed.documents.empty())
    return Fail(Error{file + ", line " + std::to_string(parsed.problem_at.line), parsed.problem});
  const Node* table = parsed.documents[0].root.at(command);
  if (table == nullptr || !table->is_map()) return a;
  for (std::size_t i = 0; i < table->keys.size(); ++i)
    TRY(take(a, table->keys[i], table->items[i], options, file));
  return a;
}

}  // namespace parapet::commands
