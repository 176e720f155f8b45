// Values as a person reads them, and the text of constants (decoded again from their opcode, since
// a value only keeps where it was written).
#include "base/text.h"
#include "formats/pickle/machine.h"

namespace parapet::pickle {
namespace {

constexpr std::size_t longest_text = 1U << 16U, longest_shown = 160;
constexpr unsigned deepest_shown = 4;

unsigned hex_digit(char c) {
  return is_digit(c)                          ? static_cast<unsigned>(c - '0')
         : lower(c) >= 'a' && lower(c) <= 'f' ? static_cast<unsigned>(lower(c) - 'a' + 10)
                                              : 16;
}

// Hexadecimal digits at `i`, at most `n`; moves behind them.
std::uint32_t hex_number(std::string_view s, std::size_t& i, std::size_t n) {
  std::uint32_t v = 0;
  for (; n > 0 && i < s.size() && hex_digit(s[i]) < 16; --n, ++i) v = v << 4U | hex_digit(s[i]);
  return v;
}

// Protocol 0's UNICODE: only \u and \U are escapes. STRING: a Python 2 literal.
std::string unescape(std::string_view s, bool raw_unicode) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) {
    if (s[i] != '\\' || i + 1 >= s.size()) {
      out += s[i++];
      continue;
    }
    char e = s[i + 1];
    i += 2;
    if (raw_unicode) {
      if (e == 'u')
        append_utf8(out, hex_number(s, i, 4));
      else if (e == 'U')
        append_utf8(out, hex_number(s, i, 8));
      else
        out += '\\', out += e;
    } else if (e == 'x') {
      out += static_cast<char>(hex_number(s, i, 2));
    } else if (e >= '0' && e <= '7') {
      unsigned v = static_cast<unsigned>(e - '0');
      for (int k = 0; k < 2 && i < s.size() && s[i] >= '0' && s[i] <= '7'; ++k, ++i)
        v = v * 8 + static_cast<unsigned>(s[i] - '0');
      out += static_cast<char>(v);
    } else {
      out += e == 'n'   ? '\n'
             : e == 't' ? '\t'
             : e == 'r' ? '\r'
             : e == 'a' ? '\a'
             : e == 'b' ? '\b'
             : e == 'f' ? '\f'
             : e == 'v' ? '\v'
                        : e;
    }
  }
  return out;
}

std::string quoted(std::string_view s) {
  char quote = contains(s, "'") && !contains(s, "\"") ? '"' : '\'';
  std::string shown;
  std::string cut = printable(s, longest_shown);
  for (char c : cut) {
    if (c == quote) shown += '\\';
    shown += c;
  }
  return quote + shown + quote;
}

}  // namespace

std::string Machine::raw_text(std::uint64_t opcode_offset) const {
  Cursor c(all_);
  c.seek(opcode_offset);
  unsigned opcode = c.le<std::uint8_t>();
  std::uint64_t length = 0;
  switch (opcode) {
    case 'V':
      return unescape(c.until('\n').substr(0, longest_text), true);
    case 'S': {
      auto line = trim(c.until('\n').substr(0, longest_text));
      if (line.size() >= 2 && (line[0] == '"' || line[0] == '\''))
        line = line.substr(1, line.size() - 2);
      return unescape(line, false);
    }
    case 'P':
    case 'F':
    case 'L':
    case 'I':
      return std::string(c.until('\n').substr(0, longest_text));
    case 0x8c:
    case 'U':
    case 'C':
      length = c.le<std::uint8_t>();
      break;
    case 'X':
    case 'T':
    case 'B':
      length = c.le<std::uint32_t>();
      break;
    case 0x8d:
    case 0x8e:
    case 0x96:
      length = c.le<std::uint64_t>();
      break;
    case 'G': {
      double d = std::bit_cast<double>(c.be<std::uint64_t>());
      std::string s = std::to_string(d);
      while (contains(s, ".") && s.back() == '0' && s[s.size() - 2] != '.') s.pop_back();
      return s;
    }
    case 0x8a:
    case 0x8b: {
      length = opcode == 0x8a ? c.le<std::uint8_t>() : c.le<std::uint32_t>();
      if (length > 64) return "<integer of " + std::to_string(length) + " bytes>";
      Bytes digits = c.take(length);
      std::string s;
      for (std::byte b : digits) {
        auto n = std::to_integer<unsigned>(b);
        s.insert(s.begin(), {"0123456789abcdef"[n >> 4U], "0123456789abcdef"[n & 15U]});
      }
      return "0x" + s;
    }
    default:
      return {};
  }
  return std::string(c.text(std::min({length, c.left(), std::uint64_t{longest_text}})));
}

bool Machine::text_of(Value v, std::string& out) const {
  if (v.is(Kind::text) || v.is(Kind::bytes)) return out = raw_text(v.payload()), true;
  if (v.is(Kind::computed)) return out = texts_[v.payload()], true;
  return false;
}

Value Machine::compute(std::string text) {
  if (texts_.size() >= 4096 || text_bytes_ + text.size() > (1U << 20U)) return anything;
  text_bytes_ += text.size();
  texts_.push_back(std::move(text));
  return Value::of(Kind::computed, texts_.size() - 1);
}

std::vector<Value> Machine::elements(Value v) const {
  if (!has_node(v.kind())) return {};
  auto kept = heap_.view(Heap::node_of(v)).kept;
  return {kept.begin(), kept.end()};
}

Value Machine::argument(Value args, std::size_t i) const {
  if (!args.is(Kind::tuple)) return anything;
  auto kept = heap_.view(args.payload()).kept;
  return i < kept.size() ? kept[i] : anything;
}

std::string Machine::render(Value v, unsigned depth) const {
  switch (v.kind()) {
    case Kind::absent:
    case Kind::unknown:
      return "?";
    case Kind::constant:
      return v.payload() == 0 ? "None" : v.payload() == 1 ? "False" : "True";
    case Kind::integer:
      return std::to_string(v.number());
    case Kind::number:
      return printable(raw_text(v.payload()), 40);
    case Kind::text:
    case Kind::computed: {
      std::string s;
      text_of(v, s);
      return quoted(s);
    }
    case Kind::bytes:
      return "b" + quoted(raw_text(v.payload()));
    case Kind::global:
      return printable(out_.globals[v.payload()].dotted());
    case Kind::buffer:
      return "<buffer>";
    case Kind::tuple:
    case Kind::list:
    case Kind::dict:
    case Kind::set:
    case Kind::object:
    case Kind::persistent:
      break;
  }
  if (depth >= deepest_shown) return "…";
  auto view = heap_.view(Heap::node_of(v));
  if (v.is(Kind::object)) {
    if (view.lost || view.kept.size() < 2) {
      auto g = v.payload() & 0xFFFFFFU;
      return g < out_.globals.size() ? printable(out_.globals[g].dotted()) + "(…)" : "?";
    }
    std::string args = render(view.kept[1], depth + 1);
    if (!view.kept[1].is(Kind::tuple)) args = "(*" + args + ")";
    if (args.ends_with(",)")) args = args.substr(0, args.size() - 2) + ")";
    return render(view.kept[0], depth + 1) + args;
  }
  const char* open = v.is(Kind::list) ? "[" : v.is(Kind::tuple) ? "(" : "{";
  const char* close = v.is(Kind::list) ? "]" : v.is(Kind::tuple) ? ")" : "}";
  if (v.is(Kind::persistent)) open = "persistent ", close = "";
  if (v.is(Kind::set) && view.total == 0) return "set()";
  std::string s = open;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < view.kept.size(); ++i) {
    if (s.size() > 2 * longest_shown) break;
    if (i > 0) s += v.is(Kind::dict) && i % 2 == 1 ? ": " : ", ";
    s += render(view.kept[i], depth + 1);
    ++shown;
  }
  if (view.lost || shown < view.total)
    s += shown > 0 ? ", …" : "…";
  else if (v.is(Kind::tuple) && shown == 1)
    s += ",";
  return s + close;
}

}  // namespace parapet::pickle
