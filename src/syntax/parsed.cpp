#include "syntax/parsed.h"

#include <unordered_set>

namespace parapet {

void note_duplicates(const Node& map, Parsed& out) {
  if (map.keys.size() < 2) return;
  std::unordered_set<std::string_view> seen;
  seen.reserve(map.keys.size());
  for (const Node& key : map.keys)
    if (!seen.insert(key.text).second)
      out.note(
          "duplicate-key",
          "the key " + printable(key.text, 60) + " stands twice; readers differ in which they take",
          key.place());
}

}  // namespace parapet
