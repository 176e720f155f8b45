#include "io/git/history.h"

#include <algorithm>
#include <ctime>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include "base/cursor.h"
#include "base/text.h"

namespace parapet::git {
namespace {

constexpr std::size_t longest_path = 4096;
constexpr std::size_t missing_kept = 1'000'000;

class Reader {
 public:
  Reader(const Store& store, const Refs& refs) : store_(store), refs_(refs) {}

  History run() {
    for (Number n = 0; n < store_.count(); ++n) {
      switch (store_.type(n)) {
        case Type::commit:
          add_commit(n);
          break;
        case Type::blob:
          blob_at_.emplace(n, out_.blobs.size());
          out_.blobs.push_back({n, {}, 0, false, false});
          break;
        case Type::tag:
          out_.tags.push_back(n);
          break;
        case Type::tree:  // walked from the commits
          break;
        case Type::unknown:
          ++unreadable_;
          break;
      }
    }
    order_commits();
    mark_reachable();
    if (refs_.head) walk_head();
    seen_.assign(store_.count(), false);
    for (std::uint32_t i = 0; i < out_.commits.size(); ++i) walk(out_.commits[i].tree, i, false);
    say_gaps();
    return std::move(out_);
  }

 private:
  Number find(const ObjectId& id) {
    Number n = store_.find(id);
    if (n == no_object && missing_.size() < missing_kept) missing_.insert(id);
    return n;
  }

  // "tree ID\nparent ID\n…author NAME <MAIL> SECONDS ZONE\ncommitter …\n\nMESSAGE"
  void add_commit(Number n) {
    auto object = store_.read(n);
    if (!object) {
      ++unreadable_;
      return;
    }
    Commit c;
    c.object = n;
    std::string_view rest = as_text(object->content.bytes);
    while (!rest.empty() && !rest.starts_with('\n')) {
      auto line = split_once(rest, "\n");
      auto field = split_once(line.before, " ");
      rest = line.after;
      if (field.before == "tree" || field.before == "parent") {
        auto id = ObjectId::of_hex(field.after);
        if (!id) continue;
        if (field.before == "tree")
          c.tree = *id;
        else
          c.parents.push_back(*id);
      } else if (field.before == "author" || field.before == "committer") {
        std::int64_t seconds = seconds_of(field.after);
        if (field.before == "committer")
          c.time = seconds;
        else
          c.date = date_of(seconds);
      }
    }
    out_.commits.push_back(std::move(c));
  }

  static std::int64_t seconds_of(std::string_view person) {
    std::size_t mail = person.rfind('>');
    if (mail == std::string_view::npos) return 0;
    return to_integer(split_once(trim(person.substr(mail + 1)), " ").before).value_or(0);
  }

  static std::string date_of(std::int64_t seconds) {
    std::time_t t = seconds;
    std::tm utc = {};
    char text[32];
    if (gmtime_r(&t, &utc) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%d", &utc) == 0)
      return "an unknown day";
    return text;
  }

  // Parents before children; among those that may come next the oldest, then by id: the same order
  // however the objects are packed.
  void order_commits() {
    auto& commits = out_.commits;
    std::unordered_map<ObjectId, std::uint32_t, ObjectIdHash> at;
    for (std::uint32_t i = 0; i < commits.size(); ++i) at[store_.id(commits[i].object)] = i;
    std::vector<std::uint32_t> waits(commits.size(), 0);
    std::vector<std::vector<std::uint32_t>> children(commits.size());
    for (std::uint32_t i = 0; i < commits.size(); ++i)
      for (const ObjectId& parent : commits[i].parents) {
        auto p = at.find(parent);
        if (p == at.end()) {
          find(parent);
          continue;
        }
        children[p->second].push_back(i);
        ++waits[i];
      }
    auto later = [&](std::uint32_t a, std::uint32_t b) {
      if (commits[a].time != commits[b].time) return commits[a].time > commits[b].time;
      return store_.id(commits[a].object) > store_.id(commits[b].object);
    };
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(later)> ready(later);
    for (std::uint32_t i = 0; i < commits.size(); ++i)
      if (waits[i] == 0) ready.push(i);
    std::vector<std::uint32_t> order;
    while (!ready.empty()) {
      std::uint32_t i = ready.top();
      ready.pop();
      order.push_back(i);
      for (std::uint32_t child : children[i])
        if (--waits[child] == 0) ready.push(child);
    }
    // Commits that are their own ancestors cannot be made with SHA-1 as it is; they are kept all
    // the same.
    for (std::uint32_t i = 0; i < commits.size(); ++i)
      if (waits[i] != 0) order.push_back(i);
    std::vector<Commit> sorted;
    sorted.reserve(commits.size());
    for (std::uint32_t i : order) sorted.push_back(std::move(commits[i]));
    commits = std::move(sorted);
    for (std::uint32_t i = 0; i < commits.size(); ++i) commit_at_[store_.id(commits[i].object)] = i;
  }

  // What an annotated tag stands for: "object ID\n…", tags of tags followed.
  ObjectId untagged(ObjectId id) {
    for (unsigned i = 0; i < 8; ++i) {
      Number n = store_.find(id);
      if (n == no_object || store_.type(n) != Type::tag) return id;
      auto object = store_.read(n);
      if (!object) return id;
      auto line = split_once(as_text(object->content.bytes), "\n").before;
      auto next = line.starts_with("object ") ? ObjectId::of_hex(line.substr(7)) : std::nullopt;
      if (!next) return id;
      id = *next;
    }
    return id;
  }

  void mark_reachable() {
    std::vector<std::uint32_t> open;
    auto mark = [&](const ObjectId& id) {
      auto at = commit_at_.find(id);
      if (at == commit_at_.end() || out_.commits[at->second].reachable) return;
      out_.commits[at->second].reachable = true;
      open.push_back(at->second);
    };
    auto start = [&](const ObjectId& id) {
      ObjectId target = untagged(id);
      if (find(target) != no_object) mark(target);
    };
    for (const auto& [name, id] : refs_.named) start(id);
    if (refs_.head) start(*refs_.head);
    while (!open.empty()) {
      std::uint32_t i = open.back();
      open.pop_back();
      for (const ObjectId& parent : out_.commits[i].parents) mark(parent);
    }
  }

  void walk_head() {
    auto at = commit_at_.find(*refs_.head);
    if (at == commit_at_.end()) return;
    seen_.assign(store_.count(), false);
    walk(out_.commits[at->second].tree, at->second, true);
  }

  // A tree is a list of "MODE NAME\0" and twenty bytes of id.
  void walk(const ObjectId& root, std::uint32_t commit, bool of_head) {
    struct Open {
      ObjectId tree;
      std::string path;  // "" or "folder/"
    };
    std::vector<Open> open{{root, ""}};
    while (!open.empty()) {
      Open here = std::move(open.back());
      open.pop_back();
      Number n = find(here.tree);
      if (n == no_object || seen_[n]) continue;
      seen_[n] = true;
      auto object = store_.read(n);
      if (!object || object->type != Type::tree) {
        ++unreadable_;
        continue;
      }
      Cursor c(object->content.bytes);
      while (c.ok() && c.left() != 0) {
        std::string_view head = c.until('\0');
        ObjectId id = ObjectId::of(c.take(ObjectId::size));
        if (!c.ok()) break;
        auto [mode, name, has_name] = split_once(head, " ");
        if (!has_name || here.path.size() + name.size() > longest_path) continue;
        if (mode == "160000") continue;  // a submodule: a commit of another repository
        if (mode == "40000" || mode == "040000") {
          open.push_back({id, here.path + std::string(name) + "/"});
          continue;
        }
        Number blob = find(id);
        auto at = blob_at_.find(blob);
        if (at == blob_at_.end()) continue;
        BlobSeen& b = out_.blobs[at->second];
        if (of_head && !b.in_head) {
          b.in_head = true;
          b.path = here.path + std::string(name);
          b.is_link = mode == "120000";
        } else if (!of_head && !seen_[blob]) {
          seen_[blob] = true;
          b.commit = commit;
          if (!b.in_head) {
            b.path = here.path + std::string(name);
            b.is_link = mode == "120000";
          }
        }
      }
      if (!c.ok()) ++unreadable_;
    }
  }

  void say_gaps() {
    if (!missing_.empty())
      out_.gaps.push_back(std::to_string(missing_.size()) +
                          (missing_.size() >= missing_kept ? " or more" : "") +
                          " objects that commits, trees or references name are missing (a shallow "
                          "or partial clone, or damage)");
    if (unreadable_ != 0)
      out_.gaps.push_back(std::to_string(unreadable_) +
                          " commits, trees or other objects are damaged");
    for (const std::string& p : store_.problems()) out_.gaps.push_back(p);
    for (const std::string& p : refs_.problems) out_.gaps.push_back(p);
  }

  const Store& store_;
  const Refs& refs_;
  History out_;
  std::unordered_map<Number, std::size_t> blob_at_;
  std::unordered_map<ObjectId, std::uint32_t, ObjectIdHash> commit_at_;
  std::vector<bool> seen_;  // trees that were walked, blobs that have their first commit
  std::unordered_set<ObjectId, ObjectIdHash> missing_;
  std::uint64_t unreadable_ = 0;
};

}  // namespace

History read_history(const Store& store, const Refs& refs) { return Reader(store, refs).run(); }

}  // namespace parapet::git
