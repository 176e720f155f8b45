#include "formats/pickle/disassemble.h"

#include <array>
#include <bit>
#include <cstdio>

#include "base/cursor.h"
#include "base/text.h"
#include "formats/pickle/opcodes.h"

namespace parapet::pickle {
namespace {

// How an argument lies behind its opcode (Lib/pickletools.py, ArgumentDescriptor).
enum class Operand : std::uint8_t {
  none,
  number1,  // unsigned, 1 to 8 bytes, little-endian
  number2,
  number4,
  number8,
  signed4,
  float8,  // big-endian
  line,    // text up to a line feed
  two_lines,
  counted1,  // a length of 1, 4 or 8 bytes, then that much
  counted4,
  counted8,
  integer1,  // the same, two's complement
  integer4,
};

struct Entry {
  unsigned code;
  std::string_view name;
  Operand operand = Operand::none;
};

constexpr Entry entries[] = {
    {mark, "MARK"},
    {stop_, "STOP"},
    {pop_, "POP"},
    {pop_mark_, "POP_MARK"},
    {dup, "DUP"},
    {float_, "FLOAT", Operand::line},
    {int_, "INT", Operand::line},
    {binint, "BININT", Operand::signed4},
    {binint1, "BININT1", Operand::number1},
    {long_, "LONG", Operand::line},
    {binint2, "BININT2", Operand::number2},
    {none_, "NONE"},
    {persid, "PERSID", Operand::line},
    {binpersid, "BINPERSID"},
    {reduce, "REDUCE"},
    {string, "STRING", Operand::line},
    {binstring, "BINSTRING", Operand::counted4},
    {short_binstring, "SHORT_BINSTRING", Operand::counted1},
    {unicode, "UNICODE", Operand::line},
    {binunicode, "BINUNICODE", Operand::counted4},
    {append, "APPEND"},
    {build_, "BUILD"},
    {global, "GLOBAL", Operand::two_lines},
    {dict, "DICT"},
    {appends, "APPENDS"},
    {get, "GET", Operand::line},
    {binget, "BINGET", Operand::number1},
    {inst, "INST", Operand::two_lines},
    {long_binget, "LONG_BINGET", Operand::number4},
    {list, "LIST"},
    {obj, "OBJ"},
    {put, "PUT", Operand::line},
    {binput, "BINPUT", Operand::number1},
    {long_binput, "LONG_BINPUT", Operand::number4},
    {setitem, "SETITEM"},
    {tuple, "TUPLE"},
    {setitems, "SETITEMS"},
    {binfloat, "BINFLOAT", Operand::float8},
    {empty_tuple, "EMPTY_TUPLE"},
    {empty_list, "EMPTY_LIST"},
    {empty_dict, "EMPTY_DICT"},
    {binbytes, "BINBYTES", Operand::counted4},
    {short_binbytes, "SHORT_BINBYTES", Operand::counted1},
    {proto, "PROTO", Operand::number1},
    {newobj, "NEWOBJ"},
    {ext1, "EXT1", Operand::number1},
    {ext2, "EXT2", Operand::number2},
    {ext4, "EXT4", Operand::signed4},
    {tuple1, "TUPLE1"},
    {tuple2, "TUPLE2"},
    {tuple3, "TUPLE3"},
    {newtrue, "NEWTRUE"},
    {newfalse, "NEWFALSE"},
    {long1, "LONG1", Operand::integer1},
    {long4, "LONG4", Operand::integer4},
    {short_binunicode, "SHORT_BINUNICODE", Operand::counted1},
    {binunicode8, "BINUNICODE8", Operand::counted8},
    {binbytes8, "BINBYTES8", Operand::counted8},
    {empty_set, "EMPTY_SET"},
    {additems, "ADDITEMS"},
    {frozenset, "FROZENSET"},
    {newobj_ex, "NEWOBJ_EX"},
    {stack_global, "STACK_GLOBAL"},
    {memoize, "MEMOIZE"},
    {frame_, "FRAME", Operand::number8},
    {bytearray8, "BYTEARRAY8", Operand::counted8},
    {next_buffer, "NEXT_BUFFER"},
    {readonly_buffer, "READONLY_BUFFER"},
};

constexpr std::array<const Entry*, 256> by_code() {
  std::array<const Entry*, 256> out{};
  for (const Entry& e : entries) out[e.code] = &e;
  return out;
}
constexpr auto table = by_code();

std::string counted(Cursor& c, std::uint64_t length) {
  std::string_view s = c.text(length);
  if (!c.ok()) return {};
  return "'" + printable(s.substr(0, 400), 100) + "'" +
         (s.size() > 100 ? " (" + std::to_string(s.size()) + " bytes)" : "");
}

// Two's complement, little-endian; longer ones by their size only.
std::string integer(Cursor& c, std::uint64_t length) {
  Bytes bytes = c.take(length);
  if (length > 8) return "a number of " + std::to_string(length) + " bytes";
  std::uint64_t v = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    v = v << 8U | std::to_integer<std::uint64_t>(bytes[i]);
  if (!bytes.empty() && bytes.size() < 8 && (bytes.back() & std::byte{0x80}) != std::byte{})
    v |= ~std::uint64_t{0} << (8 * bytes.size());
  return std::to_string(static_cast<std::int64_t>(v));
}

std::string argument(Cursor& c, Operand operand) {
  switch (operand) {
    case Operand::none:
      return {};
    case Operand::number1:
      return std::to_string(c.le<std::uint8_t>());
    case Operand::number2:
      return std::to_string(c.le<std::uint16_t>());
    case Operand::number4:
      return std::to_string(c.le<std::uint32_t>());
    case Operand::number8:
      return std::to_string(c.le<std::uint64_t>());
    case Operand::signed4:
      return std::to_string(static_cast<std::int32_t>(c.le<std::uint32_t>()));
    case Operand::float8: {
      char text[32];
      std::snprintf(text, sizeof text, "%.17g", std::bit_cast<double>(c.be<std::uint64_t>()));
      return text;
    }
    case Operand::line:
      return "'" + printable(c.until('\n'), 100) + "'";
    case Operand::two_lines: {
      std::string module = printable(c.until('\n'), 100);
      return "'" + module + " " + printable(c.until('\n'), 100) + "'";
    }
    case Operand::counted1:
      return counted(c, c.le<std::uint8_t>());
    case Operand::counted4:
      return counted(c, c.le<std::uint32_t>());
    case Operand::counted8:
      return counted(c, c.le<std::uint64_t>());
    case Operand::integer1:
      return integer(c, c.le<std::uint8_t>());
    case Operand::integer4:
      return integer(c, c.le<std::uint32_t>());
  }
  return {};
}

}  // namespace

DisassemblyEnd disassemble(Bytes bytes, std::uint64_t offset,
                           const std::function<bool(const Instruction&)>& visit) {
  Cursor c(bytes);
  c.seek(offset);
  while (c.ok()) {
    std::uint64_t at = c.offset();
    auto code = c.le<std::uint8_t>();
    if (!c.ok()) return {at, "the input ends without STOP"};
    const Entry* entry = table[code];
    if (entry == nullptr) return {at, "the byte " + std::to_string(code) + " is no opcode"};
    std::string arg = argument(c, entry->operand);
    if (!c.ok()) return {at, std::string(entry->name) + ": " + c.error()};
    if (!visit({at, c.offset() - at, entry->name, std::move(arg)})) return {c.offset(), {}};
    if (code == stop_) return {c.offset(), {}};
  }
  return {offset, "outside the input"};
}

}  // namespace parapet::pickle
