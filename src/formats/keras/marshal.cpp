#include "formats/keras/marshal.h"

#include <algorithm>

#include "base/cursor.h"

namespace parapet::keras {
namespace {

constexpr unsigned most_nesting = 100;
constexpr std::size_t most_kept = 256;     // names, and texts
constexpr std::size_t longest_kept = 400;  // bytes of one

// What a text that is read now will be.
enum class As : std::uint8_t { constant, name, other };

class Reader {
 public:
  Reader(Bytes bytes, Budget& budget) : c_(bytes), budget_(budget) {}

  MarshalledCode run() {
    object(As::constant, 0);
    out_.whole = c_.ok();
    return std::move(out_);
  }

 private:
  void text(std::uint64_t length, As as) {
    std::string_view s = c_.text(length);
    auto& list = as == As::name ? out_.names : out_.texts;
    if (as == As::other || s.empty() || list.size() >= most_kept) return;
    std::string kept(s.substr(0, longest_kept));
    if (std::find(list.begin(), list.end(), kept) == list.end()) list.push_back(std::move(kept));
  }

  void list(std::uint64_t n, As as, unsigned depth) {
    for (std::uint64_t i = 0; i < n && c_.ok() && budget_.step(); ++i) object(as, depth + 1);
  }

  // After 'c' follow 4 (Python 2), 5 or 6 (3.8 to 3.10) numbers; then the bytecode, a bytes object,
  // tells which it was. Eight objects come next in every version; the first of them are the
  // bytecode, the constants and the names. 3.11 has three kinds of variables in one list, told by a
  // bytes object, and a table of exceptions at the end.
  void code(unsigned depth) {
    unsigned numbers = 0;
    for (unsigned n : {5U, 6U, 4U}) {
      Bytes ahead = c_.peek(4ULL * n + 5);
      if (ahead.empty()) continue;
      Cursor look(ahead);
      look.skip(4ULL * n);
      auto type = look.le<std::uint8_t>();
      auto length = look.le<std::uint32_t>();
      if ((type & 0x7FU) == 's' && length <= c_.left()) {
        numbers = n;
        break;
      }
    }
    if (numbers == 0) return c_.fail("not a code object");
    c_.skip(4ULL * numbers);
    bool kinds = false;
    for (unsigned i = 0; i < 8 && c_.ok(); ++i) {
      if (i == 4) kinds = is_bytes();
      object(i == 1 ? As::constant : i == 2 ? As::name : As::other, depth + 1);
    }
    c_.skip(4);  // first line
    object(As::other, depth + 1);
    if (kinds) object(As::other, depth + 1);
  }

  bool is_bytes() const {
    Bytes next = c_.peek(1);
    return !next.empty() && (std::to_integer<unsigned>(next[0]) & 0x7FU) == 's';
  }

  void object(As as, unsigned depth) {
    if (depth > most_nesting) c_.fail("nested too deep");
    if (!c_.ok() || !budget_.step()) return;
    char type = static_cast<char>(c_.le<std::uint8_t>() & 0x7FU);
    switch (type) {
      case '0':
      case 'N':
      case 'F':
      case 'T':
      case 'S':
      case '.':
        return;
      case 'i':
      case 'r':
      case 'R':
        return c_.skip(4);
      case 'I':
      case 'g':
        return c_.skip(8);
      case 'y':
        return c_.skip(16);
      case 'f':
        return c_.skip(c_.le<std::uint8_t>());
      case 'x':
        c_.skip(c_.le<std::uint8_t>());
        return c_.skip(c_.le<std::uint8_t>());
      case 'l': {
        std::uint32_t n = c_.le<std::uint32_t>();
        std::uint32_t digits = n > 0x7FFFFFFFU ? ~n + 1 : n;
        return c_.skip(2ULL * digits);
      }
      case 'z':
      case 'Z':
        return text(c_.le<std::uint8_t>(), as);
      case 's':
      case 't':
      case 'u':
      case 'a':
      case 'A':
        return text(c_.le<std::uint32_t>(), as);
      case ')':
        return list(c_.le<std::uint8_t>(), as, depth);
      case '(':
      case '[':
      case '<':
      case '>':
        return list(c_.le<std::uint32_t>(), as, depth);
      case ':':
        return list(3, as, depth);
      case '{':
        while (c_.ok() && as_text(c_.peek(1)) != "0" && budget_.step()) {
          object(as, depth + 1);
          object(as, depth + 1);
        }
        return c_.skip(1);
      case 'c':
        return code(depth);
      default:
        return c_.fail("not a marshalled object");
    }
  }

  Cursor c_;
  Budget& budget_;
  MarshalledCode out_;
};

}  // namespace

MarshalledCode read_marshalled_code(Bytes bytes, Budget& budget) {
  return Reader(bytes, budget).run();
}

}  // namespace parapet::keras
