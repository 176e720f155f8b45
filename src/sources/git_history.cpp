// The history of the git repositories in a folder, or of a bare one: every blob, commit message and
// tag that a repository holds, reachable or not, each once, in the order in which its packs are
// best read. Asked for with --history. What the work tree holds unchanged is left to the source
// that reads folders. Layout: gitrepository-layout(5). Nothing of the repository is executed.
#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "io/digest.h"
#include "io/git/folder.h"
#include "io/git/history.h"
#include "sources/shared/target_name.h"
#include "sources/source.h"

namespace parapet::sources {
namespace {

namespace fs = std::filesystem;

constexpr unsigned deepest = 64;      // folders in folders
constexpr std::size_t short_id = 10;  // digits of an id in a name

bool is_git_folder(const fs::path& p) {
  std::error_code error;
  return fs::is_directory(p / "objects", error) && fs::is_regular_file(p / "HEAD", error) &&
         (fs::is_directory(p / "refs", error) || fs::exists(p / "packed-refs", error));
}

bool accepts(const std::string& target, const SourceOptions& options) {
  std::error_code error;
  return options.history && fs::is_directory(target, error);
}

std::string counted(std::size_t n, std::string_view what) {
  return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}

struct Repository {
  fs::path folder;     // that holds `objects`
  std::string name;    // as the report shows it
  fs::path work_tree;  // empty: bare
};

struct Walk {
  const std::function<void(Root&&)>& yield;
  std::string prefix;
  bool content_ids;
  int roots = 0;

  void put(Root&& root) {
    ++roots;
    yield(std::move(root));
  }

  void read(const Repository& r) {
    auto opened = git::Store::open(r.folder.string());
    if (!opened) {
      put({r.name, {}, {}, opened.error().cause, r.name.size()});
      return;
    }
    std::shared_ptr<const git::Store> store = *opened;
    git::Refs refs = git::read_refs(r.folder.string());
    git::History history = git::read_history(*store, refs);
    files(r);
    if (!history.gaps.empty())
      put({r.name, {}, {}, "history read in part: " + join(history.gaps, "; "), r.name.size()});
    for (const git::Commit& c : history.commits) {
      std::string origin = "the commit of " + c.date;
      if (!c.reachable) origin += ", which no branch or tag reaches";
      object(r, store, c.object, "commit/", std::move(origin));
    }
    for (git::Number tag : history.tags) object(r, store, tag, "tag/", "an annotated tag");
    std::size_t lost = 0;
    for (const git::BlobSeen& b : history.blobs) {
      lost += b.path.empty();
      blob(r, store, b, history);
    }
    std::size_t unreachable =
        static_cast<std::size_t>(std::count_if(history.commits.begin(), history.commits.end(),
                                               [](const git::Commit& c) { return !c.reachable; }));
    Root note;
    note.note = "History of " + r.name + ": " + counted(history.commits.size(), "commit") + ", " +
                counted(history.blobs.size(), "file version") + ", " +
                counted(history.tags.size(), "annotated tag");
    if (unreachable != 0 || lost != 0)
      note.note += "; no branch or tag reaches " + counted(unreachable, "commit") +
                   ", no commit holds " + counted(lost, "file version");
    yield(std::move(note));
  }

  // What git itself keeps beside the objects. Samples of hooks come with git.
  void files(const Repository& r) {
    for (const char* name :
         {"COMMIT_EDITMSG", "FETCH_HEAD", "MERGE_MSG", "config", "config.worktree"})
      file(r, r.folder / name, name);
    for (const char* name : {"hooks", "logs"}) folder(r, r.folder / name, name, 0);
  }
  void folder(const Repository& r, const fs::path& path, const std::string& name, unsigned depth) {
    std::error_code error;
    for (const auto& found : git::entries_of(path)) {
      const fs::path& entry = found.path();
      std::string at = name + "/" + entry.filename().string();
      if (fs::symlink_status(entry, error).type() != fs::file_type::directory)
        file(r, entry, at);
      else if (depth < deepest)
        folder(r, entry, at, depth + 1);
    }
  }
  void file(const Repository& r, const fs::path& path, const std::string& name) {
    std::error_code error;
    if (name.ends_with(".sample") ||
        fs::symlink_status(path, error).type() != fs::file_type::regular)
      return;
    Root root{r.name + "/" + name, path.string(), {}, {}, r.name.size() + 1};
    root.past = !name.starts_with("config") && !name.starts_with("hooks/");
    root.listed = !root.past;
    put(std::move(root));
  }

  // A commit or a tag: its text is searched.
  void object(const Repository& r, const std::shared_ptr<const git::Store>& store, git::Number n,
              const std::string& kind, std::string origin) {
    std::string name = r.name + "!/" + kind + store->id(n).hex(short_id);
    Root root{name, {}, {}, {}, r.name.size() + 2};
    root.origin.push_back(std::move(origin));
    root.past = true;
    root.listed = false;
    if (content_ids) root.content_id = sha256_hex(as_bytes(store->id(n).hex() + name));
    root.open = [store, n, name]() -> Result<std::optional<Artifact>> {
      git::Object o = TRY(store->read(n));
      return Artifact{name, o.content.bytes, o.content.owner, 0};
    };
    put(std::move(root));
  }

  void blob(const Repository& r, const std::shared_ptr<const git::Store>& store,
            const git::BlobSeen& b, const git::History& history) {
    std::string inside =
        r.name + "!/" + store->id(b.object).hex(short_id) + (b.path.empty() ? "" : "/");
    std::string name = inside + b.path;
    Root root{name, {}, {}, {}, inside.size()};
    root.listed = false;
    // A bare repository has no work tree: the newest state is what there is to judge.
    root.past = !b.in_head || !r.work_tree.empty();
    if (b.path.empty()) {
      root.origin.emplace_back("in no commit: it stays until git prunes what it does not need");
    } else {
      const git::Commit& c = history.commits[b.commit];
      std::string id = store->id(c.object).hex(short_id);
      root.origin.push_back("first in commit " + id + " of " + c.date +
                            (c.reachable ? "" : ", which no branch or tag reaches"));
      root.origin.emplace_back(b.in_head ? "still in HEAD"
                                         : "no longer in HEAD, but in every clone");
    }
    if (content_ids)
      root.content_id =
          sha256_hex(as_bytes(store->id(b.object).hex() + name + (root.past ? "" : "?")));
    std::string beside =
        b.in_head && !b.is_link && !r.work_tree.empty() ? r.work_tree.string() : "";
    root.open = [store, n = b.object, name, beside,
                 path = b.path]() -> Result<std::optional<Artifact>> {
      git::Object o = TRY(store->read(n));
      if (!beside.empty()) {
        auto file = open_beneath(beside, path);
        if (file && as_text(file->bytes) == as_text(o.content.bytes)) return std::nullopt;
      }
      return Artifact{name, o.content.bytes, o.content.owner, 0};
    };
    put(std::move(root));
  }

  // A `.git` file names the folder of a worktree or a submodule: "gitdir: PATH".
  void pointer(const fs::path& at, const std::string& name, const fs::path& top) {
    auto file = open_file(at.string());
    if (!file) return;
    std::string_view text =
        trim(as_text(file->bytes.first(std::min<std::size_t>(file->bytes.size(), 4096))));
    if (!text.starts_with("gitdir:")) return;
    fs::path to(trim(text.substr(7)));
    if (to.is_relative()) to = at.parent_path() / to;
    std::error_code error;
    fs::path inside = fs::weakly_canonical(to, error).lexically_relative(fs::canonical(top, error));
    if (error || inside.empty() || *inside.begin() == "..")
      put({name, {}, {}, "its history lies outside of the target: not read", name.size()});
  }

  void find(const fs::path& path, const std::string& name, const fs::path& top, unsigned depth,
            std::vector<Repository>& out) {
    if (depth > deepest) return;
    bool inside_git = path.filename() == ".git";
    if (is_git_folder(path)) {
      fs::path tree = inside_git ? path.parent_path() : fs::path();
      std::string shown = name.empty() ? std::string(".") : name;
      out.push_back(
          {path,
           prefix.empty() || !name.empty() ? prefix + shown : prefix.substr(0, prefix.size() - 1),
           tree});
      // Of a .git folder only the submodules are looked at further.
      std::error_code error;
      if (fs::is_directory(path / "modules", error) && !git::is_link(path / "modules"))
        find(path / "modules", name.empty() ? "modules" : name + "/modules", top, depth + 1, out);
      return;
    }
    std::error_code error;
    std::vector<fs::path> folders;
    for (const auto& entry : git::entries_of(path)) {
      auto type = entry.symlink_status(error).type();
      if (type == fs::file_type::directory)
        folders.push_back(entry.path());
      else if (type == fs::file_type::regular && entry.path().filename() == ".git")
        pointer(entry.path(), prefix + (name.empty() ? "" : name + "/") + ".git", top);
    }
    for (const fs::path& f : folders) {
      std::string below = f.filename().string();
      find(f, name.empty() ? below : name + "/" + below, top, depth + 1, out);
    }
  }
};

Result<int> walk(const std::string& target, const SourceOptions& options,
                 const std::function<void(Root&&)>& yield) {
  Walk w{yield, shown_as(target), options.content_ids};
  std::vector<Repository> repositories;
  w.find(target, "", target, 0, repositories);
  for (const Repository& r : repositories) w.read(r);
  if (repositories.empty()) {
    Root note;
    note.note = "--history: no git repository in " + (w.prefix.empty() ? "." : w.prefix);
    yield(std::move(note));
  }
  return w.roots;
}

}  // namespace

extern const Source git_history{"git_history", "the whole history of git repositories (--history)",
                                accepts, walk};

}  // namespace parapet::sources
