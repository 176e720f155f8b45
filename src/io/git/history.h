#pragma once
// What a repository ever held: every commit, and every blob with the path and the first commit
// that it came with. Each tree is walked once, from the oldest commit on, so the work follows the
// number of objects and not the number of commits.
#include <cstdint>
#include <string>
#include <vector>

#include "io/git/refs.h"
#include "io/git/store.h"

namespace parapet::git {

struct Commit {
  Number object = no_object;
  ObjectId tree;
  std::vector<ObjectId> parents;
  std::int64_t time = 0;   // of the committer, seconds since 1970
  std::string date;        // of the author, "2024-05-01"
  bool reachable = false;  // from a branch, tag, note, stash or HEAD
};

struct BlobSeen {
  Number object = no_object;
  std::string path;          // the first under which it is seen; empty: no tree names it
  std::uint32_t commit = 0;  // index into History::commits, where `path` is not empty
  bool in_head = false;      // in the tree that HEAD stands on, then `path` is the one it has there
  bool is_link = false;      // a symbolic link: the content is its target
};

struct History {
  std::vector<Commit> commits;    // parents before children, older before younger
  std::vector<BlobSeen> blobs;    // all that the store has, in its order
  std::vector<Number> tags;       // annotated ones
  std::vector<std::string> gaps;  // "3 objects that commits or trees name are missing"
};

History read_history(const Store&, const Refs&);

}  // namespace parapet::git
