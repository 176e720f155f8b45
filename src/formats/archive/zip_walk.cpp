#include "formats/archive/zip_walk.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "io/mapped_file.h"

namespace parapet::archive {
namespace {

constexpr std::uint64_t overlapping_limit = 256ULL << 20U;  // bytes made from members that overlap

// Bits that a writer of method 0 or 8 has no reason to set: 4 (enhanced deflating), 5 (patch data),
// 6 (strong encryption), 7 to 10 and 12, 14, 15 (unused, reserved), 13 (masked header).
constexpr unsigned odd_flags = 0xF7F0U;
// Bits that must not differ between the two headers: encrypted, and the odd ones. Bit 3
// (descriptor) and 11 (UTF-8) differ in honest files.
constexpr unsigned must_agree = 0x0001U | odd_flags;

bool has_name(const std::unordered_set<std::string_view>& names, const std::string& name) {
  return names.contains(std::string_view(name));
}

struct Kind {
  std::string_view format, loader;
};

// What a library makes of these members.
Kind model_kind(const std::unordered_set<std::string_view>& names) {
  bool only_arrays = !names.empty();
  for (std::string_view n : names) {
    if (n.starts_with("__MACOSX/")) continue;
    only_arrays = only_arrays && n.ends_with(".npy");
    if (n != "data.pkl" && !n.ends_with("/data.pkl")) continue;
    std::string folder(n.substr(0, n.size() - 8));
    if (has_name(names, folder + "constants.pkl") || has_name(names, folder + "code/"))
      return {"torchscript", "torch.jit.load"};
    if (has_name(names, folder + "version") || has_name(names, folder + "byteorder") ||
        has_name(names, folder + ".data/version"))
      return {"pytorch-zip", "torch.load"};
  }
  if (names.contains("config.json") &&
      (names.contains("metadata.json") || names.contains("model.weights.h5")))
    return {"keras", "keras.models.load_model"};
  if (names.contains("MAR-INF/MANIFEST.json")) return {"torch-model-archive", "TorchServe"};
  if (only_arrays) return {"npz", "numpy.load"};
  return {};
}

std::string number(std::uint64_t n) { return std::to_string(n); }

}  // namespace

Bytes ZipWalk::view(std::uint64_t begin, std::uint64_t length) const {
  Place p = members_->place(begin, length);
  return zip_.bytes.subspan(p.offset, p.length);
}

std::string ZipWalk::shown(const Member& m) const { return printable(m.header().name, 120); }

void ZipWalk::problem(const Member& m, std::string_view problem, std::string says,
                      std::string_view target) {
  const ZipHeader& at = m.local ? *m.local : m.header();
  members_->problem(m.header().name, method_name(m.header().method), problem, std::move(says),
                    members_->place(at.offset, at.length), target);
}

void ZipWalk::run() {
  find_directories();
  say_what_it_is();
  claim_members();
  find_overlaps();
  find_duplicates();
  std::size_t known = all_.size();
  for (std::size_t i = 0; i < known && sink_.next(); ++i) {
    compare(all_[i]);
    read(all_[i]);
  }
  visit_gaps();
  if (sink_.budget().spent() != nullptr)
    sink_.partly(std::string("stopped at ") + sink_.budget().spent());
}

void ZipWalk::find_directories() {
  std::vector<EndRecord> ends = end_records(zip_.bytes);
  std::vector<std::uint64_t> seen;
  for (const EndRecord& end : ends) {
    // An end record inside a member's data belongs to a zip that is stored there.
    bool inside = std::any_of(all_.begin(), all_.end(), [&](const Member& m) {
      return m.local && end.offset >= m.local->data() &&
             end.offset - m.local->data() < m.header().packed;
    });
    if (inside) continue;
    for (const Directory& d : directories(zip_.bytes, end, sink_)) {
      if (std::find(seen.begin(), seen.end(), d.offset) != seen.end()) continue;
      seen.push_back(d.offset);
      bool part_of_another = std::any_of(claimed_.begin(), claimed_.end(), [&](const Range& r) {
        return d.offset >= r.begin && d.end <= r.end;
      });
      if (part_of_another) continue;
      add_directory(d, end);
    }
    claimed_.push_back({end.start, end.offset + end.length, Range::none});
    has_directory_ = true;
    show_comment(end);
  }
  members_.emplace(zip_, sink_, "zip");
  if (seen.size() > 1)
    members_->anomaly("two-directories",
                      number(seen.size()) + " central directories: readers see different members",
                      *std::min_element(seen.begin(), seen.end()), 46);
}

void ZipWalk::show_comment(const EndRecord& end) {
  if (end.comment.empty()) return;
  Fact f{"metadata", {}, {end.offset + 22, end.comment.size()}, "archive comment"};
  f.set("key", "comment").set("value", printable(end.comment)).set("format", "zip");
  sink_.add(std::move(f));
  Bytes bytes = as_bytes(end.comment);
  if (bytes.size() >= 16) sink_.child(zip_, "(comment)", bytes, zip_.owner);
}

void ZipWalk::add_directory(const Directory& d, const EndRecord& end) {
  claimed_.push_back({d.offset, d.end, Range::none});
  for (const CentralRecord& r : d.records) {
    auto local = local_header(zip_.bytes, r.local_offset);
    if (!local && d.before != 0 && r.local_offset >= d.before)
      local = local_header(zip_.bytes, r.local_offset - d.before);
    all_.push_back({r, local, false});
  }
  // 16 bits are all that a record without zip64 has for the count.
  bool count = (d.records.size() & 0xFFFFU) == (d.declared & 0xFFFFU);
  bool size = d.end - d.offset == end.directory_size;
  if (count && size) return;
  Members early(zip_, sink_, "zip");
  early.anomaly("malformed",
                "the directory holds " + number(d.records.size()) + " entries in " +
                    number(d.end - d.offset) + " bytes, its end record says " + number(d.declared) +
                    " in " + number(end.directory_size),
                end.offset, end.length);
}

void ZipWalk::say_what_it_is() {
  sink_.is("zip");
  std::unordered_set<std::string_view> names;
  std::vector<std::string> code;  // folders of TorchScript code
  for (const Member& m : all_) {
    std::string_view n = m.header().name;
    names.insert(n);
    std::size_t at = n.find("/code/");
    if (at != std::string_view::npos && code.size() < 8) code.emplace_back(n.substr(0, at + 6));
  }
  for (const std::string& c : code) names.insert(c);
  Kind kind = model_kind(names);
  members_.emplace(zip_, sink_, "zip", kind.format);
  if (kind.format.empty()) return;
  sink_.is(kind.format);
  Fact f{"model", {}, {}, std::string(kind.format) + " with " + number(all_.size()) + " members"};
  f.set("format", kind.format).set("name", file_name(zip_.name)).set("loader", kind.loader);
  sink_.add(std::move(f));
}

std::uint64_t ZipWalk::packed_size(const Member& m) const {
  if (!m.local) return 0;
  std::uint64_t left = zip_.bytes.size() - m.local->data();
  return std::min(m.header().packed, left);
}

void ZipWalk::claim_members() {
  for (std::size_t i = 0; i < all_.size() && sink_.next(); ++i) {
    const Member& m = all_[i];
    if (!m.local) continue;
    std::uint64_t end = m.local->data() + packed_size(m);
    ZipHeader says;
    if (m.local->has_descriptor()) end += descriptor(zip_.bytes, end, m.header(), says);
    claimed_.push_back({m.local->offset, end, i});
  }
}

void ZipWalk::find_overlaps() {
  std::sort(claimed_.begin(), claimed_.end(), [](const Range& a, const Range& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t reached = 0;
  std::uint64_t count = 0;
  std::uint64_t first = 0;
  for (const Range& r : claimed_) {
    if (r.begin < reached && r.end > r.begin) {
      if (count++ == 0) first = r.begin;
      if (r.member != Range::none) all_[r.member].overlaps = true;
    }
    reached = std::max(reached, r.end);
  }
  if (count != 0)
    members_->anomaly("overlap", number(count) + " records of the archive overlap others", first,
                      30);
}

// Which of two members of one name a reader takes is up to the reader.
void ZipWalk::find_duplicates() {
  std::vector<std::size_t> order(all_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return all_[a].header().name < all_[b].header().name;
  });
  for (std::size_t i = 1; i < order.size() && sink_.next(); ++i) {
    const Member& m = all_[order[i]];
    const Member& first = all_[order[i - 1]];
    // Two directories that name the same member are reported as that.
    if (m.header().name != first.header().name || m.begin() == first.begin()) continue;
    problem(m, "duplicate",
            "another member is called " + shown(m) + " as well: readers differ in which they take");
  }
}

void ZipWalk::compare(const Member& m) {
  const CentralRecord& c = *m.central;
  Place place =
      members_->place(m.local ? m.local->offset : c.offset, m.local ? m.local->length : c.length);
  members_->check_name(c.name, method_name(c.method), place);
  if (!m.local) {
    problem(m, "central-only",
            "no local header of " + shown(m) + " at offset " + number(c.local_offset));
    sink_.partly("member " + shown(m) + ": no local header where the directory says");
    return;
  }
  const ZipHeader& l = *m.local;
  if (l.name != c.name)
    problem(m, "name-mismatch",
            "the directory calls the member " + shown(m) + ", its local header " +
                printable(l.name, 120),
            l.name);
  for (std::string_view u : {c.unicode_name, l.unicode_name}) {
    bool ascii = std::all_of(c.name.begin(), c.name.end(),
                             [](char b) { return static_cast<unsigned char>(b) < 0x80; });
    if (u.empty() || u == c.name || !ascii) continue;
    problem(m, "name-mismatch",
            "the member is called " + shown(m) + " and, in its Unicode field, " + printable(u, 120),
            u);
    break;
  }
  if (l.method != c.method)
    problem(m, "method-mismatch",
            "member " + shown(m) + ": the directory says " + std::string(method_name(c.method)) +
                ", the local header " + std::string(method_name(l.method)),
            method_name(l.method));
  compare_flags(m);
  compare_sizes(m);
}

void ZipWalk::compare_flags(const Member& m) {
  unsigned here = m.central->flags;
  unsigned there = m.local->flags;
  unsigned differ = (here ^ there) & must_agree;
  if (differ != 0)
    problem(m, "flags",
            "member " + shown(m) + ": flags " + number(here) + " in the directory, " +
                number(there) + " in the local header");
  else if ((here & odd_flags & ~0x40U) != 0 || ((here & 0x40U) != 0 && !m.central->encrypted()))
    problem(m, "flags",
            "member " + shown(m) + " has reserved flag bits set (" + number(here) +
                "): some readers refuse it, others do not look");
}

void ZipWalk::compare_sizes(const Member& m) {
  const CentralRecord& c = *m.central;
  const ZipHeader& l = *m.local;
  // Behind a descriptor the local header may hold zeros, or all ones for zip64.
  bool blank = l.has_descriptor() && (l.packed == 0 || l.packed == 0xFFFFFFFFU) &&
               (l.size == 0 || l.size == 0xFFFFFFFFU);
  if (!blank && (l.packed != c.packed || l.size != c.size))
    problem(m, "size-mismatch",
            "member " + shown(m) + ": the directory says " + number(c.packed) + " packed, " +
                number(c.size) + " unpacked bytes, the local header " + number(l.packed) + " and " +
                number(l.size));
  bool no_crc = l.crc == 0 && l.has_descriptor();
  if (!no_crc && l.crc != c.crc)
    problem(m, "crc", "member " + shown(m) + ": the two headers have different checksums");
  if (c.packed > packed_size(m)) {
    members_->anomaly("truncated",
                      "member " + shown(m) + " ends " + number(c.packed - packed_size(m)) +
                          " bytes after the file",
                      l.offset, l.length);
    sink_.partly("member " + shown(m) + " is truncated");
  }
  ZipHeader says;
  std::uint64_t at = l.data() + packed_size(m);
  if (!l.has_descriptor() || descriptor(zip_.bytes, at, c, says) == 0) return;
  if (says.packed != c.packed || says.size != c.size)
    problem(m, "size-mismatch",
            "member " + shown(m) + ": its data descriptor has other sizes than the directory");
  if (says.crc != c.crc)
    problem(m, "crc",
            "member " + shown(m) + ": its data descriptor has another checksum than the directory");
}

void ZipWalk::read(const Member& m) {
  if (!m.local) return;
  const ZipHeader& h = m.header();
  Bytes packed = view(m.local->data(), packed_size(m));
  bool folder = h.name.ends_with('/') && packed.empty();
  if (folder || (packed.empty() && h.size == 0)) return;
  if (m.overlaps && overlapping_bytes_ > overlapping_limit) {
    sink_.partly("members that overlap others: not read further");
    return;
  }
  if (m.overlaps && h.method == 0 && !sink_.budget().unpack(packed.size())) return;
  ZipContent content = unpack_member(zip_, packed, h.method, h, sink_);
  bool says_otherwise = m.central && m.local->method != h.method;
  if (says_otherwise && (!content.supported || (!content.complete && content.bytes.empty())))
    content = unpack_member(zip_, packed, m.local->method, h, sink_);
  if (m.overlaps) overlapping_bytes_ += content.bytes.size();
  if (stays_encrypted(m, content, packed)) return;
  judge_content(m, content, packed);
  if (m.central && m.central->is_symlink()) {
    members_->check_link(h.name, as_text(content.bytes).substr(0, 4096), false,
                         method_name(h.method), members_->place(m.local->offset, m.local->length));
    return;
  }
  members_->check_content(h.name, method_name(h.method), content.bytes,
                          members_->place(m.local->offset, m.local->length));
  if (!content.bytes.empty()) sink_.child(zip_, h.name, content.bytes, content.owner);
  drop_pages(packed);
}

// The flag alone proves nothing: torch never looks at it. Encrypted data are 12 bytes longer than
// what they hold and do not inflate to the declared size.
bool ZipWalk::stays_encrypted(const Member& m, const ZipContent& content, Bytes packed) {
  const ZipHeader& h = m.header();
  bool flagged = h.encrypted() || m.local->encrypted();
  if (!flagged && h.method != 99) return false;
  bool plain = content.supported && content.complete && content.bytes.size() == h.size &&
               content.used == packed.size();
  if (flagged && plain) {
    problem(m, "flags",
            "member " + shown(m) +
                " is flagged as encrypted and is not: readers that believe the flag do not see it");
    return false;
  }
  problem(m, "encrypted", "member " + shown(m) + " is encrypted: not scanned");
  sink_.partly("member " + shown(m) + " is encrypted");
  return true;
}

void ZipWalk::judge_content(const Member& m, const ZipContent& content, Bytes packed) {
  const ZipHeader& h = m.header();
  if (!content.supported) {
    sink_.partly("member " + shown(m) + ": compression method " + number(h.method) + " (" +
                 std::string(method_name(h.method)) + ") is not supported");
    return;
  }
  Place at = members_->place(m.local->offset, m.local->length);
  if (content.limited) {
    members_->anomaly("bomb",
                      "member " + shown(m) + " unpacks to more than the limit: stopped after " +
                          number(content.bytes.size()) + " bytes",
                      at.offset, at.length);
    sink_.partly("member " + shown(m) + ": stopped at " + content.error);
    return;
  }
  if (!content.complete) {
    members_->anomaly("malformed",
                      "member " + shown(m) + " cannot be unpacked to its end: " + content.error,
                      at.offset, at.length);
    sink_.partly("member " + shown(m) + ": " + content.error + " at offset " +
                 number(m.local->data() + content.used));
    return;
  }
  if (content.bytes.size() != h.size)
    problem(m, "size-mismatch",
            "member " + shown(m) + " says " + number(h.size) + " bytes and holds " +
                number(content.bytes.size()));
  if (content.used < packed.size()) {
    Bytes rest = packed.subspan(content.used);
    problem(m, "size-mismatch",
            "member " + shown(m) + ": " + number(rest.size()) +
                " bytes follow the end of its compressed data");
    sink_.child(zip_, std::string(h.name) + " (after the compressed data)", rest, zip_.owner);
  }
  auto crc = crc_of(content.bytes, sink_);
  if (crc && *crc != h.crc)
    problem(m, "crc",
            "member " + shown(m) +
                " has another checksum than its header says: some readers refuse it, torch.load "
                "does not check");
}

void ZipWalk::visit_gaps() {
  std::uint64_t reached = 0;
  std::vector<Range> ranges = claimed_;
  for (const Range& r : ranges) {
    if (r.begin > reached) visit_gap(reached, r.begin);
    reached = std::max(reached, r.end);
  }
  if (reached < zip_.bytes.size()) visit_gap(reached, zip_.bytes.size());
}

// Bytes that no record claims: members that only have a local header, then whatever is left.
void ZipWalk::visit_gap(std::uint64_t begin, std::uint64_t end) {
  bool last = end == zip_.bytes.size();
  if (!has_directory_ && begin == 0)
    members_->anomaly("truncated", "no central directory: members are read by their local headers",
                      0, 4);
  if (!has_directory_ && begin == 0) sink_.partly("the zip has no central directory");
  while (begin < end && sink_.next()) {
    Bytes rest = view(begin, end - begin);
    std::size_t n = as_text(rest).find(local_signature);
    auto local = n == std::string_view::npos ? std::nullopt : local_header(zip_.bytes, begin + n);
    bool plausible = local && local->data() <= end && local->name.size() <= 4096 &&
                     method_name(local->method) != "unknown";
    std::uint64_t until = n == std::string_view::npos ? end : begin + n + (plausible ? 0 : 4);
    Bytes between = view(begin, until - begin);
    bool zeros =
        std::all_of(between.begin(), between.end(), [](std::byte b) { return b == std::byte{0}; });
    if (!between.empty() && (!zeros || between.size() > 4096)) {
      std::string_view what = begin == 0                               ? "leading-data"
                              : last && has_directory_ && until == end ? "trailing-data"
                                                                       : "gap";
      members_->anomaly(what, number(between.size()) + " bytes that belong to no member", begin,
                        between.size());
      // What stands at offset 0 is seen by the formats that look there.
      if (begin != 0 && between.size() >= 16)
        sink_.child(zip_, "(bytes at " + number(begin) + ")", between, zip_.owner);
    }
    begin = plausible ? local_only(*local, end) : until;
  }
}

// Reads a member that no directory names; gives the offset after it.
std::uint64_t ZipWalk::local_only(const ZipHeader& local, std::uint64_t limit) {
  Member m{std::nullopt, local, false};
  std::uint64_t left = limit - local.data();
  bool unknown = local.has_descriptor() && local.packed == 0;
  if (unknown) {
    // Deflated data know their end; stored ones end at the next signature.
    std::string_view rest = as_text(view(local.data(), left));
    std::size_t n = rest.find(descriptor_signature);
    for (std::string_view s : {local_signature, central_signature})
      n = std::min(n, rest.substr(0, n).find(s));
    m.local->packed = std::min<std::uint64_t>(n, left);
    ZipHeader says;
    std::uint64_t at = local.data() + m.local->packed;
    ZipHeader wanted = *m.local;
    if (descriptor(zip_.bytes, at, wanted, says) != 0 && says.packed == wanted.packed) {
      m.local->size = says.size;
      m.local->crc = says.crc;
    }
  } else if (m.local->packed > left) {
    members_->anomaly("truncated", "member " + shown(m) + " is cut short", local.offset,
                      local.length);
    sink_.partly("member " + shown(m) + " is truncated");
    m.local->packed = left;
  }
  if (has_directory_)
    problem(m, "local-only",
            "member " + shown(m) + " is in no directory: most readers do not list it");
  members_->check_name(local.name, method_name(local.method),
                       members_->place(local.offset, local.length));
  read(m);
  std::uint64_t end = local.data() + m.local->packed;
  ZipHeader says;
  if (local.has_descriptor()) end += descriptor(zip_.bytes, end, *m.local, says);
  return std::min(end, limit);
}

}  // namespace parapet::archive
