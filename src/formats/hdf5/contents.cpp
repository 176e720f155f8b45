#include "formats/hdf5/contents.h"

#include <algorithm>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/pickle/report.h"
#include "formats/pickle/search.h"
#include "io/inflate.h"

namespace parapet::hdf5 {
namespace {

constexpr std::uint64_t searched_whole = 16U << 20U;  // bytes of a file
constexpr std::uint64_t searched_front = 4096, searched_back = 66U << 10U;
constexpr unsigned deflate = 1, shuffle = 2, fletcher32 = 3;

// A JSON object. Blanks in front of it are as many as its author likes.
bool is_json(std::string_view s) {
  auto at = s.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && s[at] == '{' && s.size() - at > 2;
}

// Long enough to be no accident among numbers.
bool has_long_mark(std::string_view s) {
  return s.starts_with("PK\x03\x04") || s.starts_with("7z\xbc\xaf\x27\x1c") ||
         s.starts_with("Rar!") || s.starts_with("\x93NUMPY") || s.starts_with(signature);
}

// One element after another: at most one dimension has more than one.
bool is_line(const Dataspace& space) {
  return std::count_if(space.dimensions.begin(), space.dimensions.end(),
                       [](std::uint64_t n) { return n > 1; }) < 2;
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

Contents::Is Contents::judge(Bytes bytes, As as) {
  std::string_view s = as_text(bytes);
  if (s.size() < 2) return Is::data;
  if (!program_kind(bytes).empty()) return Is::program;
  if (has_long_mark(s)) return Is::file;
  if (as == As::numbers) return Is::data;
  if (as == As::config && is_json(s)) return Is::file;
  if (as == As::text && is_json(s) && contains(s, "class_name")) return Is::file;
  bool file = pickle::is_container(bytes) || pickle::starts_like_pickle(bytes, file_.sink.budget());
  return file ? Is::file : Is::data;
}

void Contents::report(Bytes bytes, const std::string& name, std::uint64_t offset,
                      const std::shared_ptr<const void>& owner, As as) {
  Is is = judge(bytes, as);
  if (is == Is::program)
    file_.sink.anomaly("executable",
                       printable(name, 100) + " holds a program of " +
                           std::to_string(bytes.size()) +
                           " bytes: " + std::string(program_kind(bytes)),
                       {offset, 0, 0, 0, name});
  if (is != Is::data) file_.sink.child(file_.artifact, name, bytes, owner);
}

void Contents::look(Cursor c, const std::string& name, As as) {
  std::uint64_t at = c.offset();
  Bytes bytes = c.take(c.left());
  // Texts are looked through, of the rest only the front is.
  bool whole = as == As::text || as == As::config;
  if (!c.ok() || !file_.spend(whole ? bytes.size() : std::min<std::size_t>(bytes.size(), 4096)))
    return;
  if (known_.contains(at) || judge(bytes, as) == Is::data || !file_.spend(bytes.size())) return;
  known_[at] = bytes.size();
  report(bytes, name, at, file_.artifact.owner, as);
}

void Contents::look_into(const Dataset& d, const std::string& path) {
  if (d.storage.place.length != 0) {
    Cursor c(file_.artifact.bytes);
    c.seek(d.storage.place.offset);
    bool line = d.type.is_bytes() && is_line(d.space);
    look(c.sub(d.storage.place.length), path, line ? As::text : As::numbers);
  } else if (d.storage.kind == Storage::Kind::chunked && d.type.is_bytes()) {
    chunks(d, path);
  }
}

void Contents::chunks(const Dataset& d, const std::string& path) {
  if (d.storage.address == no_address) return;
  std::vector<Chunk> all = read_chunks(file_, d);
  if (all.empty()) return;
  Scratch scratch(file_.sink.budget());
  if (!unfilter(file_, d, all[0], scratch))
    return file_.sink.partly("the bytes of " + printable(path, 60) + " are packed in a way (" +
                             d.filters.back().name + ") that is not read");
  Scratch::Held front = scratch.take();
  bool line = is_line(d.space);
  As as = line ? As::text : As::numbers;
  if (judge(front.bytes, as) == Is::data) return;
  for (const Chunk& chunk : all) known_[chunk.offset] = chunk.length;
  if (!line && all.size() > 1)
    file_.sink.partly("only the first chunk of " + printable(path, 60) + " was looked into");
  if (!line || all.size() == 1) return report(front.bytes, path, all[0].offset, front.owner, as);
  for (const Chunk& chunk : all)
    if (!file_.sink.next() || !unfilter(file_, d, chunk, scratch)) break;
  Scratch::Held whole = scratch.take();
  std::uint64_t length = std::min<std::uint64_t>(d.bytes().value_or(0), whole.bytes.size());
  report(whole.bytes.first(length), path, all[0].offset, whole.owner, as);
}

void Contents::search_the_rest() {
  Bytes all = file_.artifact.bytes;
  std::uint64_t size = all.size(), effort = pickle::search_effort;
  // Of large files only what a second program would look at first.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> parts{{0, size}};
  if (size > searched_whole) parts = {{0, searched_front}, {size - searched_back, size}};
  for (auto [from, to] : parts)
    while (from < to && file_.sink.next()) {
      auto at = pickle::find_stream(all, from, to, file_.sink.budget(), effort);
      if (!at) break;
      auto before = known_.upper_bound(*at);
      if (before != known_.begin() && *at - std::prev(before)->first < std::prev(before)->second) {
        from = std::prev(before)->first + std::prev(before)->second;
        continue;
      }
      pickle::Reading r = pickle::read_stream(file_.artifact, file_.sink, *at, "embedded", {});
      if (r.has_call() || r.dangerous() > 0)
        file_.sink.anomaly("hidden-pickle",
                           "a pickle lies " + std::to_string(*at) +
                               " bytes into the file, in no dataset or attribute",
                           {*at, r.end - *at, 0, 0, {}});
      from = std::max(r.end, *at + 2);
    }
  if (effort == 0) file_.sink.partly("the search for hidden pickles was given up");
}

}  // namespace parapet::hdf5
