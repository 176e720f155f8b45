#include "syntax/parsed.h"

#include <algorithm>
#include <unordered_set>

namespace parapet {

void note_duplicates(const Node& map, Parsed& out) {
  if (map.keys.size() < 2) return;
  auto note = [&](const Node& key) {
    out.note(
        "duplicate-key",
        "the key " + printable(key.text, 60) + " stands twice; readers differ in which they take",
        key.place());
  };
  constexpr std::size_t few = 16;  // a table costs more than to look at each pair
  if (map.keys.size() <= few) {
    for (auto key = map.keys.begin() + 1; key != map.keys.end(); ++key)
      if (std::any_of(map.keys.begin(), key, [&](const Node& k) { return k.text == key->text; }))
        note(*key);
    return;
  }
  std::unordered_set<std::string_view> seen;
  seen.reserve(map.keys.size());
  for (const Node& key : map.keys)
    if (!seen.insert(key.text).second) note(key);
}

}  // namespace parapet
