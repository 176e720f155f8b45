#pragma once
// Protocol Buffers on the wire: a message is fields, each a varint key (number << 3 | wire type)
// and a value. What is passed over costs its key and its length, never its bytes, so that a model
// of gigabytes is walked by its structure alone. https://protobuf.dev/programming-guides/encoding/
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::protobuf {

// Keys as they stand in `switch`. A known number on another wire type is an unknown field: that is
// how protobuf's own readers have it.
constexpr std::uint32_t num(std::uint32_t field) { return field << 3U; }       // a varint
constexpr std::uint32_t f64(std::uint32_t field) { return field << 3U | 1U; }  // eight bytes
constexpr std::uint32_t len(std::uint32_t field) { return field << 3U | 2U; }  // text or message
constexpr std::uint32_t group(std::uint32_t field) { return field << 3U | 3U; }
constexpr std::uint32_t f32(std::uint32_t field) { return field << 3U | 5U; }  // four bytes

struct Field {
  std::uint32_t key = 0;
  std::uint64_t at = 0;     // of the key
  std::uint64_t value = 0;  // of a varint or a fixed number
  Cursor body{Bytes{}};     // of a text, message or group

  std::uint32_t number() const { return key >> 3U; }
  Bytes bytes() const { return body.peek(body.left()); }
  std::string_view text() const { return as_text(bytes()); }
  Place place() const { return {at, body.offset() + body.left() - at, 0, 0, {}}; }
};

// The next field; false at the end, or when the cursor failed. A field that is longer than the
// bytes there are is given once, cut, with the cursor failed.
bool read_field(Cursor&, Field&, std::uint64_t most_in_group = ~0ULL);
// The next varint of a packed list.
std::uint64_t read_varint(Cursor&);

// One reading of an artifact: what all its messages share.
class Walk {
 public:
  Walk(const Artifact& a, Sink& s, std::string_view format)
      : artifact(a), sink(s), format_(format) {}

  const Artifact& artifact;
  Sink& sink;

  // A field that the format does not define: readers pass over it, so anything may lie there.
  void unknown(const Field&);
  // Bytes where a reader expects words, or a model in a model's constant: handed on as a file of
  // its own where they are not plain text. True when they were.
  bool carry(std::string_view name, const Field&);
  // A tensor's first bytes: programs are no weights.
  void check_head(std::string_view name, const Field&);
  // Call once, last: what failed and what was unknown become facts.
  void finish();

 private:
  friend class Message;
  std::string_view format_;
  Cursor failed_{Bytes{}};
  unsigned depth_ = 0;
  std::uint64_t unknown_fields_ = 0, unknown_bytes_ = 0, children_ = 0, programs_ = 0;
  std::set<std::uint64_t> carried_;  // hashes of what was handed on: many nodes have the same
  Place first_unknown_;
};

// The fields of one message: while (m.next(f)) switch (f.key) {...}
class Message {
 public:
  Message(Walk&, Cursor body);
  ~Message() { --walk_.depth_; }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  bool next(Field&);

 private:
  Walk& walk_;
  Cursor c_;
};

// The last field of a message that has this key: of several, that is the one that counts.
std::optional<Field> find_last(Cursor body, std::uint32_t key);
// Its text; empty where there is none.
std::string_view text_of(Cursor body, std::uint32_t key);

// A message as recognition sees it: which of the wanted keys it has. What readers pass over, they
// pass over in any number and anywhere, so it is no evidence of anything.
struct Outline {
  struct Seen {
    std::uint32_t key;
    Field last, largest;
    bool any = false;
  };
  std::vector<Seen> wanted;
  bool sound = false;   // up to its end, or to where the looking stopped, it is a message
  bool cut = false;     // its last field is longer than the bytes there are
  bool others = false;  // it has keys that were not wanted

  bool has(std::uint32_t key) const { return last(key) != nullptr; }
  // A number or a text: the last one counts.
  const Field* last(std::uint32_t key) const;
  // Of messages the one that tells most.
  const Field* largest(std::uint32_t key) const;
};
Outline outline(Cursor body, const std::vector<std::uint32_t>& wanted);

// Could this be a name: printable ASCII, not empty, not long?
bool is_word(std::string_view);

}  // namespace parapet::protobuf
