// A folder and everything below it, in the order of names. Links are not followed: what they point
// to inside the target is met under its own name, what lies outside is not the user's target. A
// link into .git, where git-annex keeps large files, is reported, since .git is left out.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "sources/shared/target_name.h"
#include "sources/source.h"

namespace parapet::sources {
namespace {

namespace fs = std::filesystem;

// The patterns of the .gitignore files from the target's root down to one folder. gitignore(5),
// without character classes.
struct Ignore {
  struct Pattern {
    std::string glob;
    bool negated = false, folders_only = false;
  };
  std::vector<Pattern> patterns;

  void add_file(const fs::path& file, const std::string& folder) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      std::string_view text = trim(line);
      if (text.empty() || text[0] == '#') continue;
      Pattern p;
      if (text[0] == '!') p.negated = true, text.remove_prefix(1);
      if (text.ends_with('/')) p.folders_only = true, text.remove_suffix(1);
      bool anchored = text.find('/') != std::string_view::npos;
      if (text.starts_with('/')) text.remove_prefix(1);
      std::string base = folder.empty() ? "" : folder + "/";
      p.glob = base + (anchored ? "" : "**/") + std::string(text);
      patterns.push_back(std::move(p));
    }
  }

  bool covers(const std::string& path, bool is_folder) const {
    bool ignored = false;
    for (const Pattern& p : patterns)
      if ((is_folder || !p.folders_only) && glob_matches(p.glob, path)) ignored = !p.negated;
    return ignored;
  }
};

struct Walk {
  const SourceOptions& options;
  const std::function<void(Root&&)>& yield;
  fs::path top;
  std::string prefix;  // how the user named the target, for the report
  int roots = 0;

  void put(const std::string& inside, const fs::path& path, std::string problem = {}) {
    ++roots;
    yield({prefix + inside, path.string(), {}, std::move(problem), prefix.size()});
  }

  // Why what a link points to is not met elsewhere in the walk; empty when it is.
  std::string not_met(const fs::path& link) const {
    std::error_code error;
    fs::path to = fs::canonical(link, error);
    if (error) return "symbolic link to nothing";
    fs::path inside = to.lexically_relative(fs::canonical(top, error));
    if (error || inside.empty() || *inside.begin() == "..")
      return "symbolic link out of the target: not followed";
    for (const fs::path& part : inside)
      if (part == ".git") return "symbolic link into .git: not followed";
    return {};
  }

  void folder(const fs::path& path, const std::string& inside, Ignore ignore) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(path, fs::directory_options::none, error), end;
         !error && it != end; it.increment(error))
      entries.push_back(*it);
    if (error) put(inside, path, "cannot list the folder: " + error.message());
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return a.path().filename() < b.path().filename();
    });
    if (options.obey_gitignore && fs::is_regular_file(path / ".gitignore", error))
      ignore.add_file(path / ".gitignore", inside);
    for (const auto& entry : entries) {
      std::string name = entry.path().filename().string();
      std::string at = inside.empty() ? name : inside + "/" + name;
      fs::file_status status = entry.symlink_status(error);
      bool is_folder = status.type() == fs::file_type::directory;
      if (options.obey_gitignore && ignore.covers(at, is_folder)) continue;
      if (is_folder) {
        if (name != ".git") folder(entry.path(), at, ignore);
      } else if (status.type() == fs::file_type::regular) {
        put(at, entry.path());
      } else if (status.type() == fs::file_type::symlink) {
        if (std::string why = not_met(entry.path()); !why.empty())
          put(at, entry.path(), std::move(why));
      } else {
        put(at, entry.path(), "not a regular file");
      }
    }
  }
};

bool accepts(const std::string& target, const SourceOptions&) {
  std::error_code error;
  return fs::is_directory(target, error);
}

Result<int> walk(const std::string& target, const SourceOptions& options,
                 const std::function<void(Root&&)>& yield) {
  std::error_code error;
  fs::directory_iterator probe(target, error);
  if (error) return Fail(Error{"read folder " + target, error.message()});
  Walk w{options, yield, target, shown_as(target), 0};
  w.folder(target, "", {});
  return w.roots;
}

}  // namespace

extern const Source directory{"directory", "a folder and all below it (links are not followed)",
                              accepts, walk};

}  // namespace parapet::sources
