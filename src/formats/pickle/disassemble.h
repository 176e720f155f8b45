#pragma once
// A pickle's opcodes with their arguments, for people. Follows no meaning and needs no stack: the
// interpreter (machine.h) says what a load would do.
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace parapet::pickle {

struct Instruction {
  std::uint64_t offset = 0, length = 0;  // bytes of opcode and argument
  std::string_view name;                 // as Lib/pickletools.py has it: "SHORT_BINUNICODE"
  std::string argument;                  // printable, cut; empty when it takes none
};

struct DisassemblyEnd {
  std::uint64_t offset = 0;  // just past STOP, or where it broke off
  std::string why;           // why it broke off; empty after STOP
};

// Calls visit for each instruction from `offset` until STOP, a byte that is no opcode, the end of
// the input, or until visit returns false.
DisassemblyEnd disassemble(Bytes bytes, std::uint64_t offset,
                           const std::function<bool(const Instruction&)>& visit);

}  // namespace parapet::pickle
