#pragma once
// Hostile files as text a reviewer can read. Tokens, any number a line; '#' starts a comment:
//   47 47 55 46     hex bytes          "gguf"   its characters (\n \t \\ \" \xNN)
//   u32 3  u64 10   little-endian      b32 3    big-endian        *16 00   the next byte 16 times
//   len8( ... )  len32( ... )  len64( ... )     what is between, with its length in front
//   crc32( ... )    what is between, unchanged; a following `crc` writes its CRC-32
//   pb7( ... )      protobuf's field 7 with what is between as its bytes; pb1 8: field 1 is the
//                   number 8
#include <string>

#include "base/result.h"

namespace parapet {

// Assembles the text of a .hex file. The error names the line.
Result<std::string> assemble_hex(std::string_view text);

}  // namespace parapet
