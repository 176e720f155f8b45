#include "dialects/common/leaves.h"

#include <string>

#include "base/text.h"
#include "dialects/common/container.h"

namespace parapet::dialects {
namespace {

constexpr std::size_t longest_value = 64U << 10U;  // bytes
constexpr unsigned deepest = 24;

// A value with a variable in it is settled elsewhere. In a text of several words, a script, the
// variable is what a rule may look for.
bool is_settled(const Node& n) {
  if (is_known(n.text)) return true;
  std::string_view text = trim(n.text);
  bool whole =
      (text.starts_with("{{") && text.ends_with("}}") && text.find("{{", 2) == text.npos) ||
      (text.starts_with("${") && text.ends_with("}") && text.find('$', 2) == text.npos);
  return !whole && text.find_first_of(" \n") != text.npos;
}

struct Walk {
  Fact& fact;
  Sink& sink;
  Known known;
  std::size_t left = max_leaves;
  bool cut = false;

  void leaf(const std::string& name, std::string_view value, bool is_known) {
    if (name.empty()) return;
    if (left == 0) {
      cut = true;
      return;
    }
    --left;
    cut = cut || value.size() > longest_value;
    fact.set(name, value.substr(0, longest_value), is_known);
  }

  void below(const Node& n, const std::string& name, unsigned depth) {
    if (depth > deepest || !sink.next()) {
      cut = true;
      return;
    }
    if (n.is_map()) {
      if (n.items.empty()) leaf(name, "{}", true);
      for (std::size_t i = 0; i < n.items.size() && !cut; ++i)
        below(n.items[i], name.empty() ? n.keys[i].text : name + "." + n.keys[i].text, depth + 1);
    } else if (n.is_list()) {
      if (n.items.empty()) leaf(name, "[]", true);
      for (const Node& item : n.items)
        if (!cut) below(item, name, depth + 1);
    } else if (n.is_scalar()) {
      leaf(name, n.text, known != nullptr ? known(n) : is_settled(n));
    } else {
      leaf(name, "", true);
    }
  }
};

}  // namespace

void add_leaves(Fact& fact, const Node& node, Sink& sink, Known known) {
  Walk walk{fact, sink, known};
  walk.below(node, {}, 0);
  if (!walk.cut) return;
  fact.set("complete", "no");
  sink.partly("more settings than are looked at in one object: " + std::to_string(max_leaves));
}

}  // namespace parapet::dialects
