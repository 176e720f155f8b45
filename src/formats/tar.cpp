// Tar archives: v7, ustar, pax (x, g) and GNU (L, K, S, base-256 numbers).
//
//   [header 512 | data, padded to 512]…  two blocks of zeros
//   header: name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum 8, type 1, link 100,
//           "ustar" 6+2, owner 32, group 32, device 8+8, prefix 155
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "formats/archive/entry.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::uint64_t block = 512;
constexpr std::uint64_t longest_name = 1ULL << 20U;

struct Header {
  std::string name, link;
  std::uint64_t offset = 0, size = 0;
  char type = '0';
  bool size_ok = true;
  bool extended = false;  // more blocks of old GNU sparse map follow
};

// What pax records and GNU long names say of the next member.
struct Overrides {
  std::optional<std::string> name, link;
  std::optional<std::uint64_t> size;
  bool sparse = false;
};

std::string_view text_of(std::string_view field) { return field.substr(0, field.find('\0')); }

// Octal digits between blanks, or base-256: first bit set, big-endian. Nothing when it is neither
// or does not fit.
std::optional<std::uint64_t> number(std::string_view field) {
  auto first = static_cast<unsigned char>(field[0]);
  std::uint64_t v = 0;
  if (first >= 0x80) {
    if (first != 0x80) return std::nullopt;  // negative, or beyond 2^63
    for (char c : field.substr(1)) {
      if (v >> 55U != 0) return std::nullopt;
      v = v << 8U | static_cast<unsigned char>(c);
    }
    return v;
  }
  std::string_view digits = trim(text_of(field));
  for (char c : digits) {
    if (c < '0' || c > '7' || v >> 60U != 0) return std::nullopt;
    v = v << 3U | static_cast<std::uint64_t>(c - '0');
  }
  return v;
}

// Old writers summed signed bytes; both sums count.
bool checksum_holds(std::string_view h) {
  auto wanted = number(h.substr(148, 8));
  std::int64_t plain = 0;
  std::int64_t with_sign = 0;
  for (std::size_t i = 0; i < block; ++i) {
    char c = i >= 148 && i < 156 ? ' ' : h[i];
    plain += static_cast<unsigned char>(c);
    with_sign += static_cast<signed char>(c);
  }
  return wanted && (static_cast<std::int64_t>(*wanted) == plain ||
                    static_cast<std::int64_t>(*wanted) == with_sign);
}

bool all_zero(std::string_view s) { return s.find_first_not_of('\0') == std::string_view::npos; }

Header read_header(std::string_view h, std::uint64_t offset) {
  Header out;
  out.offset = offset;
  out.name = text_of(h.substr(0, 100));
  out.link = text_of(h.substr(157, 100));
  out.type = h[156];
  auto size = number(h.substr(124, 12));
  out.size_ok = size.has_value();
  out.size = size.value_or(0);
  bool posix = h.substr(257, 6) == std::string_view("ustar\0", 6);
  std::string_view prefix = text_of(h.substr(345, 155));
  if (posix && !prefix.empty()) out.name = std::string(prefix) + '/' + out.name;
  out.extended = out.type == 'S' && h[482] != 0;
  return out;
}

// Records "LENGTH KEY=VALUE\n", LENGTH counting the whole record.
void read_pax(Bytes bytes, Overrides& o, Sink& sink, std::uint64_t at) {
  Cursor c(bytes, at);
  while (c.ok() && c.left() != 0 && sink.next()) {
    std::uint64_t start = c.offset();
    auto length = to_integer(c.until(' '));
    std::uint64_t head = c.offset() - start;
    if (!c.ok() || !length || *length < 0 || static_cast<std::uint64_t>(*length) <= head) {
      c.fail("a pax record without a length");
      break;
    }
    auto [key, value, found] = split_once(c.text(static_cast<std::uint64_t>(*length) - head), "=");
    if (!c.ok() || !found) {
      c.fail("a pax record without '='");
      break;
    }
    value.remove_suffix(value.ends_with('\n') ? 1 : 0);
    if (key == "path" || key == "GNU.sparse.name") o.name = value;
    if (key == "linkpath") o.link = value;
    if (key == "size") {
      auto n = to_integer(value);
      if (n && *n >= 0) o.size = static_cast<std::uint64_t>(*n);
    }
    if (key.starts_with("GNU.sparse.")) o.sparse = true;
  }
  if (c.ok()) return;
  sink.partly("tar: a pax header that cannot be read");
  sink.anomaly("malformed", std::string("pax header: ") + c.error(), {c.offset(), 0});
}

class TarWalk {
 public:
  TarWalk(const Artifact& a, Sink& sink)
      : a_(a), sink_(sink), members_(a, sink, "tar"), c_(a.bytes) {}

  void run() {
    sink_.is("tar");
    bool ended = false;
    while (!ended && c_.ok() && c_.left() >= block && sink_.next()) ended = !one();
    if (sink_.budget().spent() != nullptr)
      return sink_.partly(std::string("stopped at ") + sink_.budget().spent());
    finish(ended);
    say_model();
  }

 private:
  // One header and its data; false at the end or when nothing more can be understood.
  bool one() {
    std::uint64_t at = c_.offset();
    std::string_view h = as_text(c_.peek(block));
    if (all_zero(h)) return false;
    if (!checksum_holds(h)) {
      members_.anomaly("malformed",
                       "the header at offset " + std::to_string(at) + " has a wrong checksum", at,
                       block);
      sink_.partly("tar: wrong checksum at offset " + std::to_string(at));
      broken_ = true;
      return false;
    }
    c_.skip(block);
    Header header = read_header(h, at);
    if (!header.size_ok) {
      members_.anomaly("overflow",
                       "the header at offset " + std::to_string(at) +
                           " has a size that is no number or does not fit",
                       at, block);
      sink_.partly("tar: bad size at offset " + std::to_string(at));
      broken_ = true;
      return false;
    }
    bool extension = header.type == 'x' || header.type == 'g' || header.type == 'X' ||
                     header.type == 'L' || header.type == 'K';
    if (extension) return read_extension(header);
    apply(header);
    return read_member(header);
  }

  bool read_extension(const Header& header) {
    if (header.size > longest_name) {
      members_.anomaly("overflow",
                       "an extension header of " + std::to_string(header.size) + " bytes",
                       header.offset, block);
      sink_.partly("tar: extension header at offset " + std::to_string(header.offset) +
                   " is too large");
      skip_data(header.size);
      return true;
    }
    std::uint64_t at = c_.offset();
    Bytes body = take_data(header.size);
    if (header.type == 'L')
      next_.name = text_of(as_text(body));
    else if (header.type == 'K')
      next_.link = text_of(as_text(body));
    else
      read_pax(body, header.type == 'g' ? global_ : next_, sink_, at);
    return true;
  }

  void apply(Header& h) {
    Place at = members_.place(h.offset, block);
    for (const Overrides* o : {&global_, &next_}) {
      if (o->name) h.name = *o->name;
      if (o->link) h.link = *o->link;
      if (!o->size) continue;
      // A writer needs pax only for what eleven octal digits cannot hold. Readers that do not know
      // pax take the other size, and see other members.
      if (*o->size != h.size && *o->size < 1ULL << 33U)
        members_.problem(h.name, "", "size-mismatch",
                         "member " + printable(h.name, 120) + ": its header says " +
                             std::to_string(h.size) + " bytes, its pax record " +
                             std::to_string(*o->size),
                         at);
      h.size = *o->size;
    }
    sparse_ = h.type == 'S' || global_.sparse || next_.sparse;
    next_ = {};
  }

  bool read_member(const Header& h) {
    Place at = members_.place(h.offset, block);
    names_.push_back(h.name.substr(0, 64));
    if (names_.size() > 64) names_.pop_back();
    members_.check_name(h.name, "", at);
    if (file_name(h.name).starts_with(".wh.")) {
      // In the layer of an image: what a layer below has under that name is gone.
      Fact f{"whiteout", {}, at, "takes away " + printable(h.name, 160)};
      sink_.add(f.set("path", archive::normalised(h.name)));
    }
    if (h.extended) skip_sparse_map();
    switch (h.type) {
      case '1':
      case '2':
        members_.check_link(h.name, h.link, h.type == '1', "", at);
        break;
      case '3':
      case '4':
      case '6':
        members_.problem(h.name, "", "device",
                         "member " + printable(h.name, 120) +
                             (h.type == '6' ? " is a named pipe" : " is a device"),
                         at);
        break;
      default:
        break;
    }
    // Links and devices have no data, whatever their size says; hard links of pax may.
    bool no_data =
        (h.type >= '2' && h.type <= '6' && h.type != '5') || (h.type == '1' && h.size == 0);
    if (no_data || h.type == '5') {
      if (h.size != 0)
        members_.problem(h.name, "", "size-mismatch",
                         "member " + printable(h.name, 120) + " can have no data and says " +
                             std::to_string(h.size) + " bytes",
                         at);
      return true;
    }
    content(h, at);
    return true;
  }

  void content(const Header& h, const Place& at) {
    bool cut = h.size > c_.left();
    Bytes body = take_data(h.size);
    if (cut) {
      cut_ = true;
      members_.anomaly("truncated",
                       "member " + printable(h.name, 120) + " says " + std::to_string(h.size) +
                           " bytes, " + std::to_string(body.size()) + " are there",
                       at.offset, block);
      sink_.partly("tar: member " + printable(h.name, 120) + " is truncated");
    }
    if (sparse_)
      sink_.partly("tar: member " + printable(h.name, 120) +
                   " is sparse: its pieces are read without their holes");
    if (body.empty()) return;
    members_.check_content(h.name, "", body, at);
    sink_.child(a_, h.name, body, a_.owner);
  }

  Bytes take_data(std::uint64_t size) {
    Bytes body = c_.take(std::min(size, c_.left()));
    c_.skip(std::min((block - size % block) % block, c_.left()));
    return body;
  }
  void skip_data(std::uint64_t size) { take_data(size); }

  // Old GNU sparse: blocks of 21 pairs; byte 504 says whether another follows.
  void skip_sparse_map() {
    bool more = true;
    while (more && c_.left() >= block && sink_.next()) more = as_text(c_.take(block))[504] != 0;
  }

  void finish(bool ended) {
    std::uint64_t at = c_.offset();
    if (!ended && !cut_) {
      members_.anomaly("truncated", "the archive does not end with a block of zeros", at,
                       c_.left());
      sink_.partly("tar: no end mark");
    }
    Bytes rest = a_.bytes.subspan(at);
    if (all_zero(as_text(rest))) return;
    std::size_t zeros =
        std::min(as_text(rest).find_first_not_of('\0') / block * block, rest.size());
    rest = rest.subspan(zeros);
    if (!broken_)
      members_.anomaly("trailing-data",
                       std::to_string(rest.size()) + " bytes after the end of the archive",
                       at + zeros, rest.size());
    if (rest.size() >= 16)
      sink_.child(a_, "(bytes at " + std::to_string(at + zeros) + ")", rest, a_.owner);
  }

  // torch.save before 0.1.10 wrote a tar.
  void say_model() {
    auto has = [&](std::string_view n) {
      return std::find(names_.begin(), names_.end(), n) != names_.end();
    };
    if (!has("sys_info") || !has("pickle")) return;
    sink_.is("pytorch-tar");
    Fact f{"model", {}, {}, "legacy PyTorch tar"};
    f.set("format", "pytorch-tar").set("name", file_name(a_.name)).set("loader", "torch.load");
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  archive::Members members_;
  Cursor c_;
  Overrides next_, global_;
  std::vector<std::string> names_;  // of the first 64 members
  bool sparse_ = false, broken_ = false, cut_ = false;
};

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  std::string_view h = c.text(block);
  if (!c.ok() || h[0] == '\0') return false;
  if (h.substr(257, 5) == "ustar") return true;
  // v7 has no mark: a name in printable letters, and the checksum.
  std::string_view name = text_of(h.substr(0, 100));
  bool printable_name = std::all_of(name.begin(), name.end(),
                                    [](char b) { return static_cast<unsigned char>(b) >= 0x20; });
  return printable_name && checksum_holds(h) && number(h.substr(124, 12)).has_value();
}

void parse(const Artifact& a, Sink& sink) { TarWalk(a, sink).run(); }

}  // namespace

extern const Format tar{"tar",
                        1,
                        "Tar archives: v7, ustar, pax, GNU",
                        "https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html",
                        recognises,
                        parse};

}  // namespace parapet::formats
