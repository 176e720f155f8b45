#pragma once
// What kind of program bytes begin with, by the headers that operating systems ask for.
#include <string_view>

#include "base/bytes.h"

namespace parapet {

// "ELF program", "Windows program", "Mach-O program", "Java class" or "script"; empty for anything
// else. Looks at the first 4 KiB; magics shorter than four bytes are not enough, so that the first
// bytes of a tensor seldom pass.
//   ELF: System V ABI, chapter 4. PE: Microsoft's PE format, MS-DOS stub. Mach-O:
//   <mach-o/loader.h>, <mach-o/fat.h>. Script: execve(2), "#!" and an absolute path.
std::string_view program_kind(Bytes content);

}  // namespace parapet
