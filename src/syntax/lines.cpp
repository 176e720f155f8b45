#include "syntax/lines.h"

#include <algorithm>
#include <utility>

namespace parapet {

Parsed parse_lines(std::string_view text, const KeepGoing& keep_going) {
  Parsed out;
  TextCursor c(text);
  c.take_if("\xEF\xBB\xBF");
  Node root = node_at(c, Node::Type::list);
  while (!c.done()) {
    if (keep_going && !keep_going()) {
      out.fail("stopped at a limit", place_of(c));
      break;
    }
    c.skip_blanks();
    Node n = node_at(c, Node::Type::scalar);
    for (bool more = true; more && !c.done();) {
      std::uint64_t start = c.offset();
      std::string_view line = c.line_rest();
      c.take();
      for (std::string_view blank : {" #", "\t#"})
        line = line.substr(0, std::min(line.find(blank), line.size()));
      if (line.starts_with('#')) line = {};
      line = trim(line);
      more = line.ends_with('\\');
      if (more) line.remove_suffix(1);
      n.text += line;
      n.length = start + line.size() - n.offset;
    }
    n.text = trim(n.text);
    if (!n.text.empty()) root.items.push_back(std::move(n));
  }
  root.length = c.offset();
  out.documents.push_back({"lines", std::move(root)});
  return out;
}

}  // namespace parapet
