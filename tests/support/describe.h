#pragma once
// How the golden tests print what formats and dialects saw.
#include <ostream>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "model/sink.h"

namespace parapet::test {

inline void print_tree(std::ostream& out, const Node& n, const std::string& path) {
  if (n.is_scalar() || n.type == Node::Type::null || (n.items.empty())) {
    out << "  " << n.offset << ' ' << n.line << ':' << n.column << ' ' << path;
    if (!n.tag.empty()) out << ' ' << n.tag;
    if (n.is_scalar())
      out << " = " << (n.quoted ? json_quoted(n.text) : printable(n.text));
    else
      out << (n.is_map() ? " {}" : n.is_list() ? " []" : " null");
    out << '\n';
    return;
  }
  if (!n.tag.empty()) out << "  " << n.offset << ' ' << path << ' ' << n.tag << '\n';
  for (std::size_t i = 0; i < n.items.size(); ++i) {
    std::string step = n.is_map() ? "." + printable(n.keys[i].text) : "[" + std::to_string(i) + "]";
    print_tree(out, n.items[i], path + step);
  }
}

inline void print_facts(std::ostream& out, const Sink& sink) {
  for (const auto& f : sink.facts()) {
    out << f.place.offset << '+' << f.place.length;
    if (f.place.line != 0) out << " (" << f.place.line << ':' << f.place.column << ')';
    out << ' ' << f.kind;
    if (f.of >= 0) out << " of " << f.of;
    for (const auto& a : f.attributes)
      out << ' ' << a.name << (a.known ? "=" : "?=") << json_quoted(a.value);
    if (!f.says.empty()) out << " -- " << f.says;
    out << '\n';
  }
}

}  // namespace parapet::test
