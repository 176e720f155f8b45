#pragma once
// What zip, tar and the formats read through libarchive share: is a member's name, link or content
// something that the reader of a report must know about?
#include <set>
#include <string>
#include <string_view>

#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::archive {

// One archive while it is read: what it is, and where facts about its members go.
class Members {
 public:
  // `model` is what the members say that a library makes of it (pytorch-zip, keras), or empty.
  Members(const Artifact& artifact, Sink& sink, std::string_view container,
          std::string_view model = {});

  // A fact about one member; `place` is its header.
  void problem(std::string_view name, std::string_view method, std::string_view problem,
               std::string says, Place place, std::string_view target = {});

  // slip, absolute, and members that go through a symbolic link seen before.
  void check_name(std::string_view name, std::string_view method, Place place);
  // A symbolic or hard link; a fact when it leaves the archive. Remembered for check_name.
  void check_link(std::string_view name, std::string_view target, bool hard,
                  std::string_view method, Place place);
  // A program inside an archive that should hold weights and text.
  void check_content(std::string_view name, std::string_view method, Bytes content, Place place);

  void anomaly(std::string_view name, std::string says, std::uint64_t offset, std::uint64_t length);
  // The attribute `archive` of every fact: pytorch-zip, keras …; "model" where only the artifact's
  // extension says so; else the container.
  const std::string& kind() const { return kind_; }
  // Something that a machine-learning library loads: by its members, or by the artifact's
  // extension.
  bool is_model() const { return is_model_; }
  Place place(std::uint64_t offset, std::uint64_t length) const;

 private:
  const Artifact& artifact_;
  Sink& sink_;
  std::string kind_;
  bool is_model_;
  std::set<std::string, std::less<>> links_;
};

// "a/./b//c/../d" -> "a/b/d"; a path that climbs out of its start keeps its "..". Backslashes count
// as separators, as on Windows.
std::string normalised(std::string_view path);
bool climbs_out(std::string_view path);
bool is_absolute(std::string_view path);

// An artifact's name without the extension of its compression: "a/b.tar.gz" -> "b.tar",
// "x.tgz" -> "x.tar"; the same name when it has none of them.
std::string inner_name(std::string_view artifact);

// Does the name say that a machine-learning library loads it?
bool has_model_extension(std::string_view name);

}  // namespace parapet::archive
