// Repositories read from their files: what is right is read, what is broken is survived and said.
#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "io/git/history.h"
#include "support/hexfile.h"

using namespace parapet;
namespace fs = std::filesystem;

namespace {

constexpr const char* main_commit = "2d52f86c0fbdf225d45332312c3ce5ac4ddbbb7a";

struct Repository {
  fs::path folder = fs::temp_directory_path() / ("parapet-git-" + std::to_string(::getpid()));
  Repository() {
    fs::remove_all(folder);
    write("HEAD", "ref: refs/heads/main\n");
    write("refs/heads/main", std::string(main_commit) + "\n");
  }
  ~Repository() { fs::remove_all(folder); }
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  void write(const std::string& name, std::string_view bytes) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }
  void pack(std::string_view pack, std::string_view index) const {
    write("objects/pack/pack-1.pack", pack);
    write("objects/pack/pack-1.idx", index);
  }
  void loose(const std::string& id, std::string_view bytes) const {
    std::string out(compressBound(bytes.size()), '\0');
    uLongf size = out.size();
    compress(reinterpret_cast<Bytef*>(out.data()), &size,
             reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    write("objects/" + id.substr(0, 2) + "/" + id.substr(2), std::string_view(out).substr(0, size));
  }
};

const std::string& sample(const char* name) {
  static std::map<std::string, std::string> read;
  std::string& bytes = read[name];
  if (bytes.empty())
    bytes = test::assemble(std::string(SRC_DIR "/tests/data/git/") + name + ".hex");
  return bytes;
}

// Reads all there is; how many objects could be.
struct Outcome {
  bool opened = false;
  unsigned objects = 0, read = 0;
  git::History history;
};
Outcome read_all(const Repository& r) {
  Outcome out;
  auto store = git::Store::open(r.folder.string());
  if (!store) return out;
  out.opened = true;
  for (git::Number n = 0; n < (*store)->count(); ++n) {
    ++out.objects;
    out.read += (*store)->read(n).has_value();
  }
  out.history = git::read_history(**store, git::read_refs(r.folder.string()));
  return out;
}

std::string content(const git::Store& store, git::Number n) {
  auto object = store.read(n);
  return object ? std::string(as_text(object->content.bytes)) : "";
}

}  // namespace

TEST_CASE("commits, file versions, their paths and first commits") {
  Repository r;
  r.pack(sample("history.pack"), sample("history.idx"));
  auto opened = git::Store::open(r.folder.string());
  REQUIRE(opened.has_value());
  const git::Store& store = **opened;
  git::History h = git::read_history(store, git::read_refs(r.folder.string()));
  CHECK(h.gaps.empty());
  REQUIRE(h.commits.size() == 3);
  CHECK(h.commits[0].date == "2024-05-01");
  CHECK(h.commits[2].date == "2024-07-01");
  CHECK(store.id(h.commits[2].object).hex() == main_commit);
  CHECK(h.commits[0].reachable);
  CHECK(h.tags.size() == 1);
  REQUIRE(h.blobs.size() == 4);
  std::set<std::string> versions;
  for (const auto& b : h.blobs) {
    std::string text = content(store, b.object);
    if (b.path == ".env") {
      CHECK(text == "MODEL=fraud\n");
      CHECK(b.in_head);
      continue;
    }
    CHECK(b.path == "conf/train.yaml");
    CHECK(text.starts_with("layer_0: {units: 0, rate: 0.0}\n"));
    bool seeded = text.ends_with("seed: 7\n");
    bool newest = contains(text, "layer_4: {units: 32, rate: 0.5}");
    CHECK(seeded == (b.commit >= 1));
    CHECK(newest == (b.commit == 2));
    CHECK(b.in_head == newest);
    versions.insert(text);
  }
  CHECK(versions.size() == 3);
}

TEST_CASE("every prefix and every changed byte of a pack and of its index is survived") {
  const std::string& pack = sample("history.pack");
  const std::string& index = sample("history.idx");
  Repository r;
  for (std::size_t n = 0; n < pack.size(); n += 7) {
    r.pack(std::string_view(pack).substr(0, n), index);
    Outcome o = read_all(r);
    CHECK(o.opened);
    CHECK((!o.history.gaps.empty() || o.read < o.objects));
  }
  for (std::size_t n = 0; n < index.size() - 40; n += 7) {
    r.pack(pack, std::string_view(index).substr(0, n));
    Outcome o = read_all(r);
    CHECK(o.opened);
    CHECK(!o.history.gaps.empty());
  }
  for (std::size_t n = 0; n < pack.size(); ++n) {
    std::string changed = pack;
    changed[n] = static_cast<char>(changed[n] ^ (n % 3 == 0 ? 0xFF : 1 << n % 8));
    r.pack(changed, index);
    CHECK(read_all(r).opened);
  }
  for (std::size_t n = 0; n < index.size(); n += 3) {
    std::string changed = index;
    changed[n] = static_cast<char>(changed[n] ^ (n % 2 == 0 ? 0xFF : 1 << n % 8));
    r.pack(pack, changed);
    CHECK(read_all(r).opened);
  }
}

TEST_CASE("references that lead in a circle, and objects that are missing, are said") {
  Repository r;
  r.pack(sample("history.pack"), sample("history.idx"));
  r.write("refs/heads/a", "ref: refs/heads/b\n");
  r.write("refs/heads/b", "ref: refs/heads/a\n");
  r.write("refs/heads/gone", "1111111111111111111111111111111111111111\n");
  auto gaps = join(read_all(r).history.gaps, "; ");
  CHECK(contains(gaps, "refs/heads/a points to itself"));
  CHECK(contains(gaps, "1 objects that commits, trees or references name are missing"));
}

TEST_CASE("loose objects: whole, cut, of another size, no object at all") {
  Repository r;
  std::string id = "aa11111111111111111111111111111111111111";
  r.loose(id, std::string_view("blob 5\0hello", 12));
  auto store = git::Store::open(r.folder.string());
  REQUIRE(store.has_value());
  git::Number n = (*store)->find(*git::ObjectId::of_hex(id));
  REQUIRE(n != git::no_object);
  CHECK((*store)->type(n) == git::Type::blob);
  CHECK(content(**store, n) == "hello");
  for (std::string_view bytes : {std::string_view("blob 9\0hello", 12), std::string_view("hello"),
                                 std::string_view("blob x\0hello", 12)}) {
    r.loose(id, bytes);
    CHECK(!(*store)->read(n).has_value());
  }
  r.write("objects/aa/" + id.substr(2), "x\x9c");
  CHECK(read_all(r).read == 0);
}

TEST_CASE("a delta against itself, and one that copies from outside, make nothing") {
  CHECK(git::apply_delta(as_bytes("abcdef"), as_bytes(std::string("\x06\x03\x91\x01\x03", 5)),
                         99) == "bcd");
  CHECK(
      !git::apply_delta(as_bytes("abcdef"), as_bytes(std::string("\x06\x03\x91\x04\x03", 5)), 99));
  CHECK(
      !git::apply_delta(as_bytes("abcdef"), as_bytes(std::string("\x05\x03\x91\x01\x03", 5)), 99));
  CHECK(!git::apply_delta(as_bytes("abcdef"), as_bytes(std::string("\x06\x03\x91\x01\x03", 5)), 2));
  CHECK(!git::apply_delta(as_bytes("abcdef"), as_bytes(std::string("\x06\x02\x00zz", 5)), 99));
  // 1 object at offset 12: a REF_DELTA against its own id.
  std::string own(20, '\x42');
  std::string pack = "PACK" + std::string("\0\0\0\2\0\0\0\1", 8) + '\x71' + own + "x" + own;
  std::string index = std::string("\xfftOc\0\0\0\2", 8);
  for (int i = 0; i < 256; ++i) index += std::string(i < 0x42 ? "\0\0\0\0" : "\0\0\0\1", 4);
  index += own + std::string(4, '\0') + std::string("\0\0\0\x0c", 4) + own + own;
  Repository r;
  r.pack(pack, index);
  Outcome o = read_all(r);
  CHECK(o.objects == 1);
  CHECK(o.read == 0);
  CHECK(!o.history.gaps.empty());
}
