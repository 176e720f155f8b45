#include "formats/hdf5/contents.h"

#include <algorithm>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/pickle/search.h"
#include "io/inflate.h"

namespace parapet::hdf5 {
namespace {

constexpr unsigned deflate = 1, shuffle = 2, fletcher32 = 3;

bool is_json(std::string_view s) {
  s = trim(s.substr(0, 4096));
  return s.size() > 2 && (s[0] == '{' || (s[0] == '[' && contains("{[\"", s.substr(1, 1))));
}

// One chunk as it was before its filters; false when one of them is not known here.
bool unfilter(File& file, const Dataset& d, const Chunk& chunk, Scratch& out) {
  Cursor c(file.artifact.bytes);
  c.seek(chunk.offset);
  Bytes bytes = c.take(chunk.length);
  Scratch inflated(file.sink.budget());
  Scratch::Held held;
  for (std::size_t i = d.filters.size(); i-- > 0;) {
    unsigned id = d.filters[i].id;
    if (i < 32 && (chunk.mask >> i & 1U) != 0) continue;
    if (id == fletcher32 && bytes.size() >= 4) {
      bytes = bytes.first(bytes.size() - 4);
    } else if (id == deflate && held.owner == nullptr) {
      inflate(Codec::zlib, bytes, inflated, file.sink.budget());
      held = inflated.take();
      bytes = held.bytes;
    } else if (id != shuffle || d.type.size != 1) {  // single bytes cannot be shuffled
      return false;
    }
  }
  return out.append(bytes);
}

}  // namespace

Contents::Is Contents::judge(Bytes bytes, bool json) {
  if (bytes.size() < 2) return Is::data;
  if (!program_kind(bytes).empty()) return Is::program;
  if (json && is_json(as_text(bytes))) return Is::file;
  bool file = pickle::is_container(bytes) || as_text(bytes).starts_with(signature) ||
              pickle::starts_like_pickle(bytes, file_.sink.budget());
  return file ? Is::file : Is::data;
}

void Contents::report(Bytes bytes, const std::string& name, std::uint64_t offset,
                      const std::shared_ptr<const void>& owner, bool json) {
  Is is = judge(bytes, json);
  if (is == Is::program)
    file_.odd("executable",
              printable(name, 100) + " holds a program of " + std::to_string(bytes.size()) +
                  " bytes: " + std::string(program_kind(bytes)),
              {offset, 0, 0, 0, name});
  if (is != Is::data) file_.sink.child(file_.artifact, name, bytes, owner);
}

void Contents::look(Cursor c, const std::string& name, bool json) {
  std::uint64_t at = c.offset();
  Bytes bytes = c.take(c.left());
  if (!c.ok() || !file_.spend(std::min<std::size_t>(bytes.size(), 4096))) return;
  if (seen_.contains(at)) return;
  if (judge(bytes, json) == Is::data) return;
  seen_.insert(at);
  report(bytes, name, at, file_.artifact.owner, json);
}

void Contents::look_into(const Dataset& d, const std::string& path) {
  if (d.storage.place.length != 0) {
    Cursor c(file_.artifact.bytes);
    c.seek(d.storage.place.offset);
    // Also tensors may begin with a program or an archive; only bytes are read as text.
    look(c.sub(d.storage.place.length), path, d.type.is_bytes());
  } else if (d.storage.kind == Storage::Kind::chunked && d.type.is_bytes()) {
    chunks(d, path);
  }
}

void Contents::chunks(const Dataset& d, const std::string& path) {
  if (d.storage.address == no_address) return;
  if (d.storage.index == Storage::Index::other)
    return file_.sink.partly("the bytes of " + printable(path, 60) +
                             " lie in chunks with an index that is not read");
  std::vector<Chunk> all = read_chunks(file_, d);
  if (all.empty()) return;
  Scratch scratch(file_.sink.budget());
  if (!unfilter(file_, d, all[0], scratch))
    return file_.sink.partly("the bytes of " + printable(path, 60) + " are packed in a way (" +
                             d.filters.back().name + ") that is not read");
  Scratch::Held front = scratch.take();
  if (judge(front.bytes, true) == Is::data) return;
  // The element's size stands behind the chunk's dimensions: two of them are one dimension.
  bool line = d.storage.index != Storage::Index::tree || d.storage.chunk.size() <= 2;
  if (!line || all.size() == 1) return report(front.bytes, path, all[0].offset, front.owner, true);
  for (const Chunk& chunk : all)
    if (!file_.sink.next() || !unfilter(file_, d, chunk, scratch)) break;
  Scratch::Held whole = scratch.take();
  std::uint64_t length = std::min<std::uint64_t>(d.bytes().value_or(0), whole.bytes.size());
  report(whole.bytes.first(length), path, all[0].offset, whole.owner, true);
}

}  // namespace parapet::hdf5
