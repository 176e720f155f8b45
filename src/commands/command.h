#pragma once
// A command of the program. To add one: write src/commands/NAME.cpp that defines
// `extern const Command NAME` (namespace parapet::commands); `parapet NAME` and its help follow.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace parapet {

struct Option {
  std::string_view name;   // "fail-on"
  char short_name = 0;     // 'f'
  std::string_view value;  // "SEVERITY" in the help; empty: a switch
  std::string_view help;
  std::string_view fallback = {};  // shown in the help; applied by the command
};

// What the user typed, sorted out: options by long name, each with its values in order.
struct Arguments {
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::string> positional;

  bool has(std::string_view name) const { return options.contains(name); }
  std::string get(std::string_view name, std::string_view fallback = {}) const {
    auto at = options.find(name);
    return at == options.end() || at->second.empty() ? std::string(fallback) : at->second.back();
  }
  std::vector<std::string> all(std::string_view name) const {
    auto at = options.find(name);
    return at == options.end() ? std::vector<std::string>() : at->second;
  }
};

struct Command {
  std::string_view name;
  std::string_view title;    // one line
  std::string_view usage;    // "TARGET..."
  std::string_view details;  // paragraphs and examples, shown by --help
  std::span<const Option> options;
  // The exit code, or why it could not do its work (printed, exit code 2).
  Result<int> (*run)(const Arguments&);
};

std::span<const Command* const> all_commands();

}  // namespace parapet
