// CNTK models of version 1: wide text marks, "BCN" (begin of a computation network), "BVersion"
// {u64}, "ENodeList" …; each node is its operation's name, wide, closed by a zero. Version 2 is a
// protobuf "CNTK" dictionary.
// https://github.com/microsoft/CNTK/blob/master/Source/ComputationNetworkLib/ComputationNetwork.cpp
#include <algorithm>
#include <set>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::string_view begin("B\0C\0N\0\0\0", 8);

bool recognises(const Artifact& a) { return as_text(a.bytes).starts_with(begin); }

// "a\0b\0" to "ab", up to the zero.
std::string narrow(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i + 1 < s.size() && out.size() < 100; i += 2) {
    if (s[i] == '\0' || s[i + 1] != '\0') break;
    out += s[i];
  }
  return out;
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("cntk");
  std::string_view s = as_text(a.bytes);
  // Nodes whose code comes from a library of the program.
  constexpr std::string_view marks[] = {std::string_view("U\0s\0e\0r\0", 8),
                                        std::string_view("N\0a\0t\0i\0v\0e\0", 12)};
  std::set<std::string> seen;
  for (std::string_view mark : marks)
    for (std::size_t i = s.find(mark);
         i != std::string_view::npos && seen.size() < 50 && sink.next(); i = s.find(mark, i + 2)) {
      std::string name = narrow(s.substr(i));
      if (!contains(name, "Function") || !seen.insert(name).second) continue;
      Fact f{"operator", {}, {i, 2 * name.size()}, printable(name, 80) + " comes from a library"};
      f.set("name", name).set("domain", "custom").set("framework", "cntk").set("where", "graph");
      f.set("power", "custom");
      sink.add(std::move(f));
    }
  Fact f{"model", {}, {0, std::min<std::uint64_t>(8, s.size())}, "a CNTK model of version 1"};
  f.set("format", "cntk").set("name", file_name(a.name)).set("loader", "cntk");
  sink.add(std::move(f));
  sink.partly("the nodes of a CNTK model are searched, not read");
}

}  // namespace

extern const Format cntk;
const Format cntk{"cntk",
                  1,
                  "CNTK models of version 1: functions from libraries",
                  "https://github.com/microsoft/CNTK",
                  recognises,
                  parse};

}  // namespace parapet::formats
