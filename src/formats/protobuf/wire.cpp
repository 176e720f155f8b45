#include "formats/protobuf/wire.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace parapet::protobuf {
namespace {

constexpr unsigned max_depth = 100;  // messages in messages: protobuf's own default
constexpr unsigned max_group_depth = 100;
constexpr std::uint64_t max_looked_at = 16'000'000;  // fields that recognition passes over
constexpr std::uint64_t max_children = 256;
constexpr std::uint64_t most_hashed = 64U << 10U;
constexpr std::uint64_t max_programs = 20;  // said of one artifact
constexpr std::size_t least_child = 16;     // bytes: less holds no payload

enum Wire : std::uint32_t { varint, eight, bytes, group_start, group_end, four };

// To behind the end of the group that began before `c`, which may hold `most` fields.
void skip_group(Cursor& c, std::uint32_t number, std::uint64_t most) {
  std::vector<std::uint32_t> open{number};
  while (!open.empty() && c.ok()) {
    if (most-- == 0) return c.fail("a group of too many fields");
    std::uint64_t key = read_varint(c);
    auto n = static_cast<std::uint32_t>(key >> 3U);
    if (key >> 32U != 0 || n == 0) return c.fail("no field number");
    switch (key & 7U) {
      case varint:
        read_varint(c);
        break;
      case eight:
        c.skip(8);
        break;
      case bytes:
        c.skip(read_varint(c));
        break;
      case group_start:
        if (open.size() >= max_group_depth) return c.fail("groups nested too deep");
        open.push_back(n);
        break;
      case group_end:
        if (open.back() != n) return c.fail("the end of another group");
        open.pop_back();
        break;
      case four:
        c.skip(4);
        break;
      default:
        return c.fail("a wire type that does not exist");
    }
  }
}

bool read_key(Cursor& c, Field& f) {
  f.at = c.offset();
  std::uint64_t key = read_varint(c);
  if (c.ok() && (key >> 32U != 0 || key >> 3U == 0)) c.fail("no field number");
  f.key = static_cast<std::uint32_t>(key);
  f.value = 0;
  return c.ok();
}

// Text: no control characters in what is looked at.
bool is_plain(std::string_view s) {
  return std::none_of(
      s.begin(), s.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(s.size(), 4096)),
      [](char c) {
        auto u = static_cast<unsigned char>(c);
        return (u < 0x20 && !is_space(c)) || u == 0x7f;
      });
}

}  // namespace

std::uint64_t read_varint(Cursor& c) {
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    std::uint64_t b = c.le<std::uint8_t>();
    if (!c.ok()) return 0;
    if (shift < 64) v |= (b & 0x7FU) << shift;
    if ((b & 0x80U) == 0) return v;
  }
  c.fail("a number longer than ten bytes");
  return 0;
}

bool read_field(Cursor& c, Field& f, std::uint64_t most_in_group) {
  if (!c.ok() || c.left() == 0 || !read_key(c, f)) return false;
  switch (f.key & 7U) {
    case varint:
      f.value = read_varint(c);
      f.body = Cursor({}, c.offset());
      break;
    case eight:
      f.value = c.le<std::uint64_t>();
      f.body = Cursor({}, c.offset());
      break;
    case bytes: {
      std::uint64_t n = read_varint(c);
      if (!c.ok() || n <= c.left()) {
        f.body = c.sub(n);
        break;
      }
      // What is there of a field that was cut is worth reading; behind it there is nothing.
      f.body = c.sub(c.left());
      c.fail("truncated");
      return true;
    }
    case group_start: {
      Cursor inside = c;
      skip_group(c, f.number(), most_in_group);
      f.body = inside.sub(c.ok() ? c.offset() - inside.offset() : 0);
      break;
    }
    case four:
      f.value = c.le<std::uint32_t>();
      f.body = Cursor({}, c.offset());
      break;
    case group_end:
      c.fail("the end of a group that did not begin");
      break;
    default:
      c.fail("a wire type that does not exist");
  }
  return c.ok();
}

void Walk::unknown(const Field& f) {
  if (unknown_fields_++ == 0) first_unknown_ = f.place();
  unknown_bytes_ += f.place().length;
  if (f.body.left() < least_child || children_ >= max_children) return;
  ++children_;
  sink.child(artifact, "field-" + std::to_string(f.number()) + "@" + std::to_string(f.at),
             f.bytes(), artifact.owner);
}

bool Walk::carry(std::string_view name, const Field& f) {
  if (f.body.left() < least_child || (is_plain(f.text()) && !f.text().starts_with("#!")))
    return false;
  if (f.body.left() <= most_hashed && !carried_.insert(fnv1a(f.text())).second) return true;
  if (children_ >= max_children) {
    if (children_++ == max_children)
      sink.partly("only the first " + std::to_string(max_children) +
                  " texts that hold other data were looked into");
    return false;
  }
  ++children_;
  std::string safe = printable(name, 80);
  sink.child(artifact, safe + "@" + std::to_string(f.body.offset()), f.bytes(), artifact.owner);
  return true;
}

void Walk::check_head(std::string_view name, const Field& f) {
  std::string_view head = as_text(f.body.peek(std::min<std::uint64_t>(f.body.left(), 64)));
  const char* what = head.starts_with(
                         "\x7f"
                         "ELF\x01") ||
                             head.starts_with(
                                 "\x7f"
                                 "ELF\x02")
                         ? "an ELF program"
                     : head.starts_with("#!/") ? "a script"
                     : head.size() == 64 && head.starts_with("MZ\x90") &&
                             head.substr(5, 3) == std::string_view("\0\0\0", 3)
                         ? "a Windows program"
                         : nullptr;
  if (what != nullptr && ++programs_ <= max_programs)
    sink.anomaly("executable", "\"" + printable(name, 60) + "\" begins with " + what,
                 {f.body.offset(), f.body.left()});
}

void Walk::finish() {
  if (unknown_fields_ != 0) {
    Fact f{"anomaly",
           {},
           first_unknown_,
           std::to_string(unknown_bytes_) + " bytes in " + std::to_string(unknown_fields_) +
               " fields that " + std::string(format_) + " does not define"};
    f.set("name", "unknown-field").set("bytes", std::to_string(unknown_bytes_));
    sink.add(std::move(f));
  }
  sink.finish(failed_);
}

Message::Message(Walk& walk, Cursor body) : walk_(walk), c_(body) {
  if (++walk_.depth_ <= max_depth) return;
  if (walk_.failed_.ok())
    walk_.sink.anomaly("too-deep", "messages nested deeper than protobuf reads", {c_.offset(), 0});
  c_.fail("messages nested too deep");
}

bool Message::next(Field& f) {
  if (walk_.sink.next() && read_field(c_, f)) return true;
  if (!c_.ok() && walk_.failed_.ok()) walk_.failed_ = c_;
  return false;
}

std::optional<Field> find_last(Cursor body, std::uint32_t key) {
  std::optional<Field> found;
  Field f;
  while (read_field(body, f))
    if (f.key == key) found = f;
  return found;
}

std::string_view text_of(Cursor body, std::uint32_t key) {
  std::optional<Field> f = find_last(body, key);
  return f ? f->text() : std::string_view();
}

const Field* Outline::last(std::uint32_t key) const {
  for (const Seen& s : wanted)
    if (s.any && s.key == key) return &s.last;
  return nullptr;
}

const Field* Outline::largest(std::uint32_t key) const {
  for (const Seen& s : wanted)
    if (s.any && s.key == key) return &s.largest;
  return nullptr;
}

Outline outline(Cursor c, const std::vector<std::uint32_t>& wanted) {
  Outline out;
  for (std::uint32_t key : wanted) out.wanted.push_back({key, {}, {}});
  std::uint64_t left = max_looked_at;
  Field f;
  bool any = false;
  while (left-- != 0 && read_field(c, f, max_looked_at)) {
    any = true;
    bool known = false;
    for (Outline::Seen& s : out.wanted) {
      if (s.key != f.key) continue;
      known = s.any = true;
      s.last = f;
      if (f.body.left() >= s.largest.body.left()) s.largest = f;
    }
    out.others = out.others || !known;
    // A field that is given although the cursor failed is cut.
    out.cut = !c.ok();
  }
  out.sound = any && c.ok();
  return out;
}

bool is_word(std::string_view s) {
  return !s.empty() && s.size() <= 512 &&
         std::all_of(s.begin(), s.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace parapet::protobuf
