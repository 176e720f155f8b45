// "@FILE": a file that names one target a line ("@-" reads the list from standard input), as
// `git diff --name-only` gives it. A line that names nothing is reported, the others go on.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/text.h"
#include "sources/source.h"

namespace parapet::sources {
namespace {

bool accepts(const std::string& target, const SourceOptions&) {
  return target.size() > 1 && target[0] == '@';
}

Result<int> walk(const std::string& target, const SourceOptions& options,
                 const std::function<void(Root&&)>& yield) {
  std::string from = target.substr(1);
  std::ifstream opened;
  if (from != "-") {
    opened.open(from);
    if (!opened) return Fail(Error{"open the list " + from, "cannot be read"});
  }
  std::istream& in = from == "-" ? std::cin : opened;
  int roots = 0;
  for (std::string line; std::getline(in, line);) {
    std::string item(trim(line));
    if (item.empty()) continue;
    if (item == "-" || item[0] == '@') {
      yield({item, item, {}, "a list cannot name standard input or another list", 0});
      continue;
    }
    for (const Source* s : all_sources()) {
      if (!s->accepts(item, options)) continue;
      auto walked = s->walk(item, options, yield);
      if (walked)
        roots += *walked;
      else
        yield({item, item, {}, walked.error().cause, 0});
    }
  }
  return roots;
}

}  // namespace

extern const Source list{"list", "@FILE: one target a line", accepts, walk};

}  // namespace parapet::sources
