#pragma once
// Folders of a repository are walked only where they are folders themselves: a symbolic link may
// lead out of what the user named.
#include <algorithm>
#include <filesystem>
#include <vector>

namespace parapet::git {

inline bool is_link(const std::filesystem::path& p) {
  std::error_code error;
  return std::filesystem::symlink_status(p, error).type() == std::filesystem::file_type::symlink;
}

// What lies in a folder, in the order of names; nothing when it is a link, or cannot be listed.
inline std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& p) {
  std::vector<std::filesystem::directory_entry> out;
  std::error_code error;
  if (is_link(p)) return out;
  for (std::filesystem::directory_iterator it(p, error), end; !error && it != end;
       it.increment(error))
    out.push_back(*it);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace parapet::git
