#pragma once
// The names that point into a repository's objects: HEAD, refs, packed-refs, and the logs of where
// they pointed before (gitrepository-layout(5), git-pack-refs(1)).
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/git/object_id.h"

namespace parapet::git {

struct Refs {
  std::optional<ObjectId> head;                         // the commit that HEAD stands on
  std::vector<std::pair<std::string, ObjectId>> named;  // "refs/heads/main", by name
  std::vector<ObjectId> logged;                         // of the reflogs
  std::vector<std::string> problems;                    // "refs/heads/a points to itself"
};

// `folder` is a .git folder or a bare repository.
Refs read_refs(const std::string& folder);

}  // namespace parapet::git
