// "GCOL", version 1, size; then objects: index, references, length, bytes padded to 8. Index 0 is
// the free space at the end.
#include "formats/hdf5/heap.h"

#include <algorithm>

namespace parapet::hdf5 {
namespace {

constexpr std::size_t kept = 8;  // collections
constexpr std::string_view mark{"GCOL\x01\0\0\0", 8};

}  // namespace

GlobalHeap::Collection GlobalHeap::read(std::uint64_t address) {
  Collection out;
  out.address = address;
  Cursor c = file_.at(address);
  if (c.text(8) != mark) c.fail("not a collection of the global heap");
  std::uint64_t size = file_.length(c);
  std::uint64_t head = 8 + file_.length_size;
  if (c.ok() && size < head) c.fail("a collection smaller than its head");
  Cursor in = c.sub(c.ok() ? size - head : 0);
  // A collection that is damaged or made to swallow others costs what is read of it, no more.
  while (in.ok() && file_.spend(8 + file_.length_size) && in.left() >= 8 + file_.length_size &&
         file_.sink.next()) {
    Object o{in.le<std::uint16_t>(), 0, 0};
    in.skip(6);
    o.length = file_.length(in);
    o.offset = in.offset();
    if (o.index == 0) break;
    in.skip(o.length);
    in.skip(std::min<std::uint64_t>(in.left(), (8 - o.length % 8) % 8));
    if (in.ok()) out.objects.push_back(o);
  }
  file_.finish(in);
  std::stable_sort(out.objects.begin(), out.objects.end(),
                   [](const Object& a, const Object& b) { return a.index < b.index; });
  return out;
}

Cursor GlobalHeap::open(Cursor& c) {
  c.skip(4);  // number of elements: the object's own length is the one that counts
  std::uint64_t collection = file_.address(c);
  auto index = c.le<std::uint32_t>();
  Cursor none(Bytes{});
  if (!c.ok() || collection == no_address || (collection == 0 && index == 0)) return none;
  return open(collection, index);
}

Cursor GlobalHeap::open(std::uint64_t collection, std::uint32_t index) {
  auto at = std::find_if(recent_.begin(), recent_.end(),
                         [&](const Collection& k) { return k.address == collection; });
  if (at == recent_.end()) {
    recent_.push_front(read(collection));
    if (recent_.size() > kept) recent_.pop_back();
  } else {
    recent_.splice(recent_.begin(), recent_, at);
  }
  const auto& objects = recent_.front().objects;
  auto o = std::lower_bound(objects.begin(), objects.end(), index,
                            [](const Object& a, std::uint32_t n) { return a.index < n; });
  Cursor c(file_.artifact.bytes);
  if (o == objects.end() || o->index != index) {
    c.fail("an object that is not in the global heap");
    return c;
  }
  c.seek(o->offset);
  return c.sub(o->length);
}

void GlobalHeap::each(const std::function<void(Cursor)>& found) {
  std::string_view text = as_text(file_.artifact.bytes);
  std::uint64_t at = text.find(mark, file_.base);
  while (at != std::string_view::npos && file_.sink.next()) {
    Collection k = read(at - file_.base);
    for (const Object& o : k.objects) {
      if (!file_.sink.next()) return;
      Cursor c(file_.artifact.bytes);
      c.seek(o.offset);
      found(c.sub(o.length));
    }
    // Behind the mark, not behind the collection: its size may be made to jump over another one.
    at = text.find(mark, at + mark.size());
  }
}

}  // namespace parapet::hdf5
