#include "formats/ubjson/ubjson.h"

#include <bit>

namespace parapet::ubjson {
namespace {

constexpr unsigned max_depth = 100;

class Reader {
 public:
  Reader(Cursor& c, Sink& sink, std::size_t most) : c_(c), sink_(sink), left_(most) {}

  Node value(char marker, unsigned depth) {
    Node n;
    n.type = Node::Type::scalar;
    n.offset = c_.offset();
    if (left_ == 0) c_.fail("more values than are kept");
    if (depth > max_depth) c_.fail("nested too deep");
    if (!c_.ok() || !sink_.next()) return n;
    --left_;
    switch (marker) {
      case 'Z':
      case 'N':
        n.type = Node::Type::null;
        break;
      case 'T':
      case 'F':
        n.text = marker == 'T' ? "true" : "false";
        break;
      case 'S':
      case 'H':
        n.text = std::string(c_.text(length()));
        n.quoted = marker == 'S';
        break;
      case 'C':
        n.text = std::string(c_.text(1));
        break;
      case '[':
      case '{':
        container(n, marker == '{', depth);
        break;
      default:
        n.text = number(marker);
    }
    n.length = c_.ok() ? c_.offset() - n.offset : 0;
    return n;
  }

  char marker() {
    std::string_view s = c_.text(1);
    return s.empty() ? '\0' : s[0];
  }

 private:
  static std::uint64_t width(char type) {
    switch (type) {
      case 'i':
      case 'U':
        return 1;
      case 'I':
        return 2;
      case 'l':
      case 'd':
        return 4;
      case 'L':
      case 'D':
        return 8;
      default:
        return 0;
    }
  }

  std::string number(char type) {
    switch (type) {
      case 'i':
        return std::to_string(static_cast<std::int8_t>(c_.be<std::uint8_t>()));
      case 'U':
        return std::to_string(c_.be<std::uint8_t>());
      case 'I':
        return std::to_string(static_cast<std::int16_t>(c_.be<std::uint16_t>()));
      case 'l':
        return std::to_string(static_cast<std::int32_t>(c_.be<std::uint32_t>()));
      case 'L':
        return std::to_string(static_cast<std::int64_t>(c_.be<std::uint64_t>()));
      case 'd':
        return std::to_string(std::bit_cast<float>(c_.be<std::uint32_t>()));
      case 'D':
        return std::to_string(std::bit_cast<double>(c_.be<std::uint64_t>()));
      default:
        c_.fail("a marker that starts no value");
        return {};
    }
  }

  // A length is a number with its own marker; a negative one is none.
  std::uint64_t length() {
    char type = marker();
    std::uint64_t n = 0;
    switch (type) {
      case 'i':
      case 'U':
        n = c_.be<std::uint8_t>();
        break;
      case 'I':
        n = c_.be<std::uint16_t>();
        break;
      case 'l':
        n = c_.be<std::uint32_t>();
        break;
      case 'L':
        n = c_.be<std::uint64_t>();
        break;
      default:
        c_.fail("a length that is no number");
        return 0;
    }
    if (type != 'U' && n >> (8 * width(type) - 1) != 0) c_.fail("a negative length");
    return n;
  }

  void container(Node& n, bool map, unsigned depth) {
    n.type = map ? Node::Type::map : Node::Type::list;
    char type = '\0';
    bool counted = false;
    std::uint64_t count = 0;
    if (as_text(c_.peek(1)) == "$") {
      c_.skip(1);
      type = marker();
      if (as_text(c_.peek(1)) != "#") c_.fail("a type without a count");
    }
    if (as_text(c_.peek(1)) == "#") {
      c_.skip(1);
      counted = true;
      count = length();
    }
    if (std::uint64_t w = width(type); w != 0 && !map) {
      if (c_.ok() && count > c_.left() / w) c_.fail("count larger than the input");
      c_.skip(c_.ok() ? count * w : 0);
      n.type = Node::Type::scalar;
      n.tag = "numbers";
      n.text = std::to_string(count);
      return;
    }
    // Types without bytes of their own (null, true) would let a count stand for anything.
    if (counted && c_.ok() && count > c_.left() && (type != '\0' || count > c_.left() + 1))
      c_.fail("count larger than the input");
    for (std::uint64_t i = 0; c_.ok() && (!counted || i < count) && sink_.next(); ++i) {
      if (!counted && as_text(c_.peek(1)) == (map ? "}" : "]")) {
        c_.skip(1);
        break;
      }
      if (map) {
        Node key;
        key.type = Node::Type::scalar;
        key.offset = c_.offset();
        key.text = std::string(c_.text(length()));
        n.keys.push_back(std::move(key));
      }
      char m = type != '\0' ? type : marker();
      n.items.push_back(value(m, depth + 1));
    }
  }

  Cursor& c_;
  Sink& sink_;
  std::size_t left_;
};

}  // namespace

Node read(Cursor& c, Sink& sink, std::size_t most_nodes) {
  Reader r(c, sink, most_nodes);
  return r.value(r.marker(), 0);
}

}  // namespace parapet::ubjson
