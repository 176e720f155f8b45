#include "io/git/refs.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "io/git/folder.h"
#include "io/mapped_file.h"

namespace parapet::git {
namespace {

namespace fs = std::filesystem;

constexpr unsigned longest_chain = 8;  // of symbolic refs
constexpr unsigned deepest = 64;       // folders
constexpr std::size_t most_refs = 1'000'000;
constexpr std::uint64_t ref_up_to = 4096;  // bytes of a file that holds one

std::string content(const fs::path& path, std::uint64_t limit) {
  auto file = open_file(path.string());
  if (!file) return {};
  return std::string(
      as_text(file->bytes.first(std::min<std::uint64_t>(file->bytes.size(), limit))));
}

// Regular files below `folder`, in the order of names; links are not followed.
void files(const fs::path& folder, const std::string& name, unsigned depth,
           std::vector<std::pair<std::string, fs::path>>& out) {
  std::error_code error;
  for (const auto& entry : entries_of(folder)) {
    std::string at = name + "/" + entry.path().filename().string();
    auto type = entry.symlink_status(error).type();
    if (out.size() >= most_refs) return;
    if (type == fs::file_type::directory && depth < deepest)
      files(entry.path(), at, depth + 1, out);
    else if (type == fs::file_type::regular)
      out.emplace_back(at, entry.path());
  }
}

}  // namespace

Refs read_refs(const std::string& folder) {
  Refs out;
  fs::path top(folder);
  std::map<std::string, std::string> values;  // of a ref: an id, or "ref: NAME"
  std::error_code error;
  auto packed = open_file((top / "packed-refs").string());
  if (packed) {
    for (std::string_view line : split(as_text(packed->bytes), '\n')) {
      // "^ID" says what the tag in the line above stands for.
      auto parts = split_once(trim(line), " ");
      if (parts.found && !line.starts_with('#') && values.size() < most_refs)
        values[std::string(parts.after)] = std::string(parts.before);
    }
  }
  std::vector<std::pair<std::string, fs::path>> loose;
  files(top / "refs", "refs", 0, loose);
  for (const auto& [name, path] : loose) values[name] = std::string(trim(content(path, ref_up_to)));

  auto resolve = [&](const std::string& name, std::string value) -> std::optional<ObjectId> {
    for (unsigned i = 0; i < longest_chain; ++i) {
      if (auto id = ObjectId::of_hex(std::string_view(value).substr(0, 40))) return id;
      if (!value.starts_with("ref:")) {
        out.problems.push_back(printable(name, 80) + " names no object");
        return {};
      }
      auto next = values.find(std::string(trim(std::string_view(value).substr(4))));
      if (next == values.end()) return {};  // a branch without a commit yet
      value = next->second;
    }
    out.problems.push_back(printable(name, 80) + " points to itself");
    return {};
  };
  for (const auto& [name, value] : values)
    if (auto id = resolve(name, value)) out.named.emplace_back(name, *id);
  std::string head(trim(content(top / "HEAD", ref_up_to)));
  if (!head.empty()) out.head = resolve("HEAD", head);

  std::vector<std::pair<std::string, fs::path>> logs;
  files(top / "logs", "logs", 0, logs);
  for (const auto& [name, path] : logs) {
    auto file = open_file(path.string());
    if (!file) continue;
    for (std::string_view line : split(as_text(file->bytes), '\n'))
      if (auto id = ObjectId::of_hex(line.substr(0, 40)))
        for (auto each :
             {*id, ObjectId::of_hex(line.substr(std::min<std::size_t>(41, line.size()), 40))
                       .value_or(*id)})
          if (each != ObjectId{} && out.logged.size() < most_refs) out.logged.push_back(each);
  }
  std::sort(out.logged.begin(), out.logged.end());
  out.logged.erase(std::unique(out.logged.begin(), out.logged.end()), out.logged.end());
  for (const char* name : {"HEAD", "logs", "packed-refs", "refs"})
    if (is_link(top / name))
      out.problems.push_back(std::string(name) + " is a symbolic link: not followed");
  if (fs::exists(top / "reftable", error))
    out.problems.emplace_back("its references are in a reftable, which is not read");
  return out;
}

}  // namespace parapet::git
