// Memory of the abstract machine stays flat, its containers and memo keep what they promise.
#include <doctest/doctest.h>

#include <string>

#include "formats/pickle/machine.h"

using namespace parapet;
using namespace parapet::pickle;

namespace {
Reading read(const std::string& s) {
  Limits limits;
  Budget budget(limits, s.size());
  return Machine(as_bytes(s), budget).run(0);
}
}  // namespace

TEST_CASE("containers keep a prefix and know how much there was") {
  Heap heap;
  std::uint64_t id = heap.make({});
  for (int i = 0; i < 1000; ++i) {
    Value v = Value::integer(i);
    heap.add(id, {&v, 1});
  }
  auto view = heap.view(id);
  CHECK(view.total == 1000);
  REQUIRE(view.kept.size() == Heap::max_kept);
  CHECK(view.kept[47].number() == 47);
}

TEST_CASE("a container that was overwritten reads as lost") {
  Heap heap;
  Value v = Value::integer(-3);
  std::uint64_t first = heap.make({&v, 1});
  CHECK(heap.view(first).kept[0].number() == -3);
  for (int i = 0; i < 100'000; ++i) heap.make({&v, 1});
  CHECK(heap.view(first).lost);
  heap.add(first, {&v, 1});
  CHECK(heap.view(first).lost);
}

TEST_CASE("the memo takes any index") {
  Memo memo;
  CHECK(memo.put(0xFFFFFFFFU, py_none));
  CHECK(memo.put(0, py_none));
  CHECK(memo.put(0, anything));
  CHECK(memo.stored() == 2);
  CHECK(memo.get(0).is(Kind::unknown));
  CHECK(memo.get(0xFFFFFFFFU).is(Kind::constant));
  CHECK(memo.get(77).is(Kind::absent));
}

TEST_CASE("a stack of millions of values is reported, not kept") {
  std::string s = "\x80\x04" + std::string(9'000'000, 'N') + ".";
  Reading r = read(s);
  CHECK_FALSE(r.well_formed);
  CHECK(r.limits.size() == 1);
}

TEST_CASE("a container of millions is read to its end") {
  std::string s = "\x80\x04](";
  for (int i = 0; i < 2'000'000; ++i) s += "K\x01";
  s += "e.";
  Reading r = read(s);
  CHECK(r.well_formed);
  CHECK(r.opcodes == 2'000'005);
}

TEST_CASE("what comes before a break counts") {
  Reading r = read("cos\nsystem\n(S'true'\ntR\xff");
  CHECK_FALSE(r.well_formed);
  CHECK(r.dangerous() == 2);
  REQUIRE(r.made.size() == 1);
  CHECK(r.made[0].name == "os.system");
  CHECK(r.made[0].args[0] == "'true'");
}

TEST_CASE("functions handed to functions are followed to a depth, not to the end of the stack") {
  std::string s =
      "\x80\x02"
      "cfunctools\nreduce\nq" +
      std::string(1, '\0') + "(h" + std::string(1, '\0');
  constexpr int deep = 200'000;
  for (int i = 0; i < deep; ++i) s += std::string("(h\0", 3);
  s += "]" + std::string(deep, 'l') + "tR.";
  Reading r = read(s);
  CHECK(r.well_formed);
  CHECK(r.dangerous() > 0);
  CHECK(r.made.size() < 100);
}
