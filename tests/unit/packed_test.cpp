#include "syntax/packed.h"

#include <doctest/doctest.h>

#include "syntax/yaml.h"

using namespace parapet;

namespace {

bool same(const Node& a, const Node& b) {
  if (a.type != b.type || a.quoted != b.quoted || a.text != b.text || a.tag != b.tag ||
      a.offset != b.offset || a.length != b.length || a.line != b.line || a.column != b.column ||
      a.keys.size() != b.keys.size() || a.items.size() != b.items.size())
    return false;
  for (std::size_t i = 0; i < a.keys.size(); ++i)
    if (!same(a.keys[i], b.keys[i])) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same(a.items[i], b.items[i])) return false;
  return true;
}

}  // namespace

TEST_CASE("an unpacked tree is the tree that was packed, and a cut one is a problem") {
  Parsed yaml =
      parse_yaml("a: [1, \"two\", ~, {}]\nb: !!python/name:os.system x\nc: {d: {e: []}}\n");
  REQUIRE(yaml.documents.size() == 1);
  std::string packed = pack(yaml.documents[0].root);
  Parsed back = unpack(packed);
  REQUIRE(back.ok());
  CHECK(same(back.documents[0].root, yaml.documents[0].root));
  for (std::size_t n = 0; n < packed.size(); ++n) CHECK_FALSE(unpack(packed.substr(0, n)).ok());
}
