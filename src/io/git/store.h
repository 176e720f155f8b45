#pragma once
// The objects of one repository: its packs and its loose objects (gitrepository-layout(5)). Read
// from the files alone; no git, hook, filter or configuration of the repository is run, and objects
// of other repositories (alternates) are not looked for.
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/git/pack.h"
#include "io/scratch.h"

namespace parapet::git {

// Objects are numbered: those of the packs in the order in which they are best read, then loose
// ones.
using Number = std::uint32_t;
inline constexpr Number no_object = ~Number{0};

struct Object {
  Type type = Type::unknown;
  Scratch::Held content;
};

class Store {
 public:
  // `folder` holds `objects`: a .git folder or a bare repository. Packs that cannot be read are
  // listed in problems(), as is all else that is known to be missing.
  static Result<std::shared_ptr<Store>> open(const std::string& folder);

  Number count() const { return total_; }
  ObjectId id(Number) const;
  Number find(const ObjectId&) const;  // no_object when it is not here
  // Of a loose object it is read from its file.
  Type type(Number) const;

  // The whole object, within the limits of a root artifact of its packed size. Objects of more than
  // `in_memory` bytes go to a temporary file; deltas that make more than that are refused. Safe to
  // call from several threads.
  Result<Object> read(Number, const Limits& = {}) const;

  const std::vector<std::string>& problems() const { return problems_; }

  static constexpr std::uint64_t in_memory = 64ULL << 20U;

  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

 private:
  struct Bases;  // contents that deltas were made against, the latest used
  struct Loose {
    ObjectId id;
    std::string path;
  };
  using Content = std::shared_ptr<const std::string>;

  Store();
  void add_packs(const std::string& folder);
  void add_loose(const std::string& folder);
  std::size_t pack_of(Number) const;
  Result<Object> read_loose(const Loose&, const Limits&) const;
  Result<Content> rebuild(std::size_t pack, std::size_t entry) const;

  std::vector<Pack> packs_;
  std::vector<Number> first_;  // number of a pack's first object
  std::vector<Loose> loose_;   // by id
  Number first_loose_ = 0, total_ = 0;
  std::unique_ptr<Bases> bases_;
  std::vector<std::string> problems_;
};

}  // namespace parapet::git
