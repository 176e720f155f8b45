#include "io/git/store.h"

#include <algorithm>
#include <filesystem>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

#include "base/cursor.h"
#include "base/text.h"
#include "io/git/folder.h"
#include "io/inflate.h"

namespace parapet::git {
namespace {

namespace fs = std::filesystem;

constexpr unsigned longest_chain = 4096;
constexpr std::uint64_t bases_up_to = 64ULL << 20U;  // bytes kept
constexpr std::uint64_t base_up_to = 8ULL << 20U;    // bytes of one
constexpr Number most_objects = 100'000'000;

Type type_named(std::string_view name) {
  return name == "commit" ? Type::commit
         : name == "tree" ? Type::tree
         : name == "blob" ? Type::blob
         : name == "tag"  ? Type::tag
                          : Type::unknown;
}

struct Header {
  Type type = Type::unknown;
  std::uint64_t size = 0, length = 0;  // of the content; of the header with its NUL
};

// "blob 123\0"
Header header_of(std::string_view text) {
  Header h;
  std::size_t end = text.substr(0, 40).find('\0');
  if (end == std::string_view::npos) return h;
  auto parts = split_once(text.substr(0, end), " ");
  auto size = to_integer(parts.after);
  if (!size || *size < 0) return h;
  h.type = type_named(parts.before);
  h.size = static_cast<std::uint64_t>(*size);
  h.length = end + 1;
  return h;
}

}  // namespace

// Least recently used goes first. One lock: a lookup is short beside an inflation.
struct Store::Bases {
  struct Kept {
    std::uint64_t key;
    Content content;
  };
  std::mutex lock;
  std::list<Kept> order;  // latest in front
  std::unordered_map<std::uint64_t, std::list<Kept>::iterator> at;
  std::uint64_t bytes = 0;

  Content get(std::uint64_t key) {
    std::scoped_lock hold(lock);
    auto found = at.find(key);
    if (found == at.end()) return nullptr;
    order.splice(order.begin(), order, found->second);
    return found->second->content;
  }
  void put(std::uint64_t key, const Content& content) {
    if (content->size() > base_up_to) return;
    std::scoped_lock hold(lock);
    if (at.contains(key)) return;
    order.push_front({key, content});
    at[key] = order.begin();
    bytes += content->size();
    while (bytes > bases_up_to) {
      bytes -= order.back().content->size();
      at.erase(order.back().key);
      order.pop_back();
    }
  }
};

Store::Store() : bases_(std::make_unique<Bases>()) {}
Store::~Store() = default;

Result<std::shared_ptr<Store>> Store::open(const std::string& folder) {
  std::error_code error;
  fs::path objects = fs::path(folder) / "objects";
  if (is_link(objects))
    return Fail(Error{"read " + objects.string(), "its objects are a symbolic link: not followed"});
  fs::directory_iterator probe(objects, error);
  if (error) return Fail(Error{"read " + objects.string(), error.message()});
  std::shared_ptr<Store> s(new Store());
  s->add_packs(folder);
  s->add_loose(folder);
  if (fs::exists(objects / "info" / "alternates", error))
    s->problems_.emplace_back("it borrows objects of another repository, which is not read");
  return s;
}

void Store::add_packs(const std::string& folder) {
  std::error_code error;
  fs::path packs = fs::path(folder) / "objects" / "pack";
  if (is_link(packs)) problems_.emplace_back("its packs are a symbolic link: not followed");
  for (const auto& entry : entries_of(packs)) {
    const fs::path& index = entry.path();
    fs::path path = index;
    if (index.extension() == ".pack") {
      path.replace_extension(".idx");
      if (!fs::exists(path, error))
        problems_.push_back("pack " + index.filename().string() + " has no index: not read");
    }
    if (index.extension() != ".idx") continue;
    path.replace_extension(".pack");
    auto pack = Pack::open(index.string(), path.string());
    if (!pack) {
      problems_.push_back("pack " + path.filename().string() +
                          " cannot be read: " + pack.error().cause);
      continue;
    }
    pack->settle_types();
    if (!pack->problem().empty())
      problems_.push_back("pack " + path.filename().string() + ": " + pack->problem());
    if (pack->entries().size() > most_objects - total_) {
      problems_.emplace_back("more than 100 million objects: the rest is not read");
      return;
    }
    first_.push_back(total_);
    total_ += static_cast<Number>(pack->entries().size());
    packs_.push_back(std::move(*pack));
  }
  first_loose_ = total_;
}

void Store::add_loose(const std::string& folder) {
  for (const auto& two : entries_of(fs::path(folder) / "objects")) {
    std::string start = two.path().filename().string();
    if (start.size() != 2) continue;
    if (is_link(two.path())) {
      problems_.push_back("objects/" + start + " is a symbolic link: not followed");
      continue;
    }
    for (const auto& rest : entries_of(two.path())) {
      auto id = ObjectId::of_hex(start + rest.path().filename().string());
      if (!id || total_ >= most_objects) continue;
      loose_.push_back({*id, rest.path().string()});
      ++total_;
    }
  }
}

std::size_t Store::pack_of(Number n) const {
  auto next = std::upper_bound(first_.begin(), first_.end(), n);
  return static_cast<std::size_t>(next - first_.begin()) - 1;
}

ObjectId Store::id(Number n) const {
  if (n >= first_loose_) return loose_[n - first_loose_].id;
  std::size_t p = pack_of(n);
  return packs_[p].id(packs_[p].entries()[n - first_[p]]);
}

Number Store::find(const ObjectId& id) const {
  for (std::size_t p = 0; p < packs_.size(); ++p)
    if (auto entry = packs_[p].find(id)) return first_[p] + static_cast<Number>(*entry);
  auto at = std::lower_bound(loose_.begin(), loose_.end(), id,
                             [](const Loose& l, const ObjectId& i) { return l.id < i; });
  if (at == loose_.end() || at->id != id) return no_object;
  return first_loose_ + static_cast<Number>(at - loose_.begin());
}

Type Store::type(Number n) const {
  if (n < first_loose_) {
    std::size_t p = pack_of(n);
    const PackEntry& e = packs_[p].entries()[n - first_[p]];
    if (e.type != Type::unknown) return e.type;
    // A delta against an object of another pack, or a loose one: a thin pack.
    auto o = packs_[p].object(n - first_[p]);
    if (!o || !o->base_id) return Type::unknown;
    Number base = find(*o->base_id);
    if (base == no_object || base == n) return Type::unknown;
    return base >= first_loose_
               ? type(base)
               : packs_[pack_of(base)].entries()[base - first_[pack_of(base)]].type;
  }
  auto file = open_file(loose_[n - first_loose_].path);
  if (!file) return Type::unknown;
  Limits limits;
  limits.unpacked = 1U << 20U;
  Budget budget(limits);
  Scratch head(budget);
  // The header is in the first bytes, whatever the size.
  inflate(Codec::zlib, file->bytes.first(std::min<std::size_t>(file->bytes.size(), 128)), head,
          budget);
  auto held = head.take();
  return header_of(as_text(held.bytes)).type;
}

Result<Object> Store::read_loose(const Loose& loose, const Limits& limits) const {
  OpenFile file = TRY(open_file(loose.path));
  Budget budget(limits, file.bytes.size());
  Scratch content(budget);
  Inflated r = inflate(Codec::zlib, file.bytes, content, budget);
  auto held = content.take();
  Header h = header_of(as_text(held.bytes.first(std::min<std::size_t>(held.bytes.size(), 64))));
  if (h.type == Type::unknown) return Fail(Error{"read", "is no loose object"});
  if (r.limited) return Fail(Error{"read", "unpacks to more than the limit"});
  if (!r.complete) return Fail(Error{"read", r.error});
  if (held.bytes.size() - h.length != h.size)
    return Fail(Error{"read", "holds another number of bytes than it declares"});
  held.bytes = held.bytes.subspan(h.length);
  return Object{h.type, std::move(held)};
}

// Down to what is whole or known, then back up delta by delta.
Result<Store::Content> Store::rebuild(std::size_t pack, std::size_t entry) const {
  struct Step {
    std::size_t pack, entry;
    PackedObject object;
  };
  auto key = [&](std::size_t p, std::size_t e) { return std::uint64_t{first_[p]} + e; };
  std::vector<Step> deltas;
  Content content;
  while (!content) {
    content = bases_->get(key(pack, entry));
    if (content) break;
    auto o = packs_[pack].object(entry);
    if (!o) return Fail(Error{"read", "its header is broken"});
    if (!o->is_delta) {
      if (o->size > in_memory)
        return Fail(Error{"read", "a delta against an object of more than 64 MiB"});
      auto whole = inflate_exactly(o->packed, o->size);
      if (!whole) return Fail(Error{"read", "its stream is broken or of another size"});
      content = std::make_shared<const std::string>(std::move(*whole));
      if (packs_[pack].entries()[entry].is_base) bases_->put(key(pack, entry), content);
      break;
    }
    if (deltas.size() >= longest_chain) return Fail(Error{"read", "a chain of deltas without end"});
    deltas.push_back({pack, entry, *o});
    if (o->base_offset) {
      auto base = packs_[pack].at_offset(*o->base_offset);
      if (!base) return Fail(Error{"read", "a delta against nothing"});
      entry = *base;
      continue;
    }
    Number base = find(*o->base_id);
    if (base == no_object)
      return Fail(
          Error{"read", "a delta against object " + o->base_id->hex(12) + ", which is missing"});
    if (base >= first_loose_) {
      Object loose = TRY(read_loose(loose_[base - first_loose_], {}));
      if (loose.content.bytes.size() > in_memory)
        return Fail(Error{"read", "a delta against an object of more than 64 MiB"});
      content = std::make_shared<const std::string>(as_text(loose.content.bytes));
      break;
    }
    pack = pack_of(base);
    entry = base - first_[pack];
  }
  while (!deltas.empty()) {
    const Step& step = deltas.back();
    if (step.object.size > in_memory) return Fail(Error{"read", "a delta of more than 64 MiB"});
    auto delta = inflate_exactly(step.object.packed, step.object.size);
    auto made = delta ? apply_delta(as_bytes(*content), as_bytes(*delta), in_memory) : std::nullopt;
    if (!made) return Fail(Error{"read", "its delta is broken, or makes more than 64 MiB"});
    content = std::make_shared<const std::string>(std::move(*made));
    if (packs_[step.pack].entries()[step.entry].is_base)
      bases_->put(key(step.pack, step.entry), content);
    deltas.pop_back();
  }
  return content;
}

Result<Object> Store::read(Number n, const Limits& limits) const {
  if (n >= first_loose_) return read_loose(loose_[n - first_loose_], limits);
  std::size_t p = pack_of(n);
  std::size_t entry = n - first_[p];
  auto o = packs_[p].object(entry);
  if (!o) return Fail(Error{"read", "its header is broken"});
  Type type = this->type(n);
  if (!o->is_delta && o->size > in_memory) {
    Budget budget(limits, o->packed.size());
    Scratch content(budget);
    Inflated r = inflate(Codec::zlib, o->packed, content, budget);
    drop_pages(o->packed);
    if (r.limited) return Fail(Error{"read", "unpacks to more than the limit"});
    if (!r.complete) return Fail(Error{"read", r.error});
    if (content.size() != o->size)
      return Fail(Error{"read", "holds another number of bytes than it declares"});
    return Object{type, content.take()};
  }
  Content content = TRY(rebuild(p, entry));
  return Object{type, {as_bytes(*content), content}};
}

}  // namespace parapet::git
