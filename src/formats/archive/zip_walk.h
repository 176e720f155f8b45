#pragma once
// Walks one zip: the central directory, the local headers, and whatever lies between.
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "formats/archive/zip_member.h"

namespace parapet::archive {

class ZipWalk {
 public:
  ZipWalk(const Artifact& zip, Sink& sink) : zip_(zip), sink_(sink) {}
  void run();

 private:
  // One member as it will be read: from the directory, from a local header that no directory names,
  // or both.
  struct Member {
    std::optional<CentralRecord> central;
    std::optional<ZipHeader> local;
    bool overlaps = false;
    const ZipHeader& header() const {
      return central ? static_cast<const ZipHeader&>(*central) : *local;
    }
    std::uint64_t begin() const { return local ? local->offset : central->local_offset; }
  };
  struct Range {
    std::uint64_t begin = 0, end = 0;
    std::size_t member = none;
    static constexpr std::size_t none = ~std::size_t{0};
  };

  void find_directories();
  void add_directory(const Directory& d, const EndRecord& end);
  void show_comment(const EndRecord& end);
  void say_what_it_is();
  void claim_members();
  void find_overlaps();
  void find_duplicates();
  void visit_gaps();
  void visit_gap(std::uint64_t begin, std::uint64_t end);
  std::uint64_t local_only(const ZipHeader& local, std::uint64_t limit);
  std::uint64_t packed_size(const Member& m) const;

  void compare(const Member& m);
  void compare_flags(const Member& m);
  void compare_sizes(const Member& m);
  void read(const Member& m);
  bool stays_encrypted(const Member& m, const ZipContent& content, Bytes packed);
  void judge_content(const Member& m, const ZipContent& content, Bytes packed);
  void problem(const Member& m, std::string_view problem, std::string says,
               std::string_view target = {});
  std::string shown(const Member& m) const;
  Bytes view(std::uint64_t begin, std::uint64_t length) const;

  const Artifact& zip_;
  Sink& sink_;
  std::optional<Members> members_;
  std::vector<Member> all_;
  std::vector<Range> claimed_;
  bool has_directory_ = false;
  std::uint64_t overlapping_bytes_ = 0;
};

}  // namespace parapet::archive
