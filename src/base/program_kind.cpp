#include "base/program_kind.h"

#include <algorithm>

#include "base/cursor.h"
#include "base/text.h"

namespace parapet {
namespace {

// Linux asks for no more of the identification than its magic.
bool is_elf(Bytes head) { return as_text(head).starts_with("\x7f\x45\x4c\x46"); }

bool is_pe(Bytes head) {
  Cursor c(head);
  if (c.text(2) != "MZ") return false;
  c.seek(0x3C);
  c.seek(c.le<std::uint32_t>());
  return c.text(4) == std::string_view("PE\0\0", 4);
}

// One architecture: the file type (1 object … 12 file set) is the fourth word.
bool is_thin_mach_o(Bytes head) {
  Cursor c(head);
  auto magic = c.be<std::uint32_t>();
  bool big = magic == 0xFEEDFACEU || magic == 0xFEEDFACFU;
  bool little = magic == 0xCEFAEDFEU || magic == 0xCFFAEDFEU;
  if (!big && !little) return false;
  c.skip(8);
  auto type = big ? c.be<std::uint32_t>() : c.le<std::uint32_t>();
  return c.ok() && type >= 1 && type <= 12;
}

// Mach-O for several architectures and Java classes share their magic; the next word is a small
// count of architectures, or a class file's version (45 and up).
std::string_view cafebabe(Bytes head) {
  Cursor c(head);
  if (c.be<std::uint32_t>() != 0xCAFEBABEU) return {};
  auto next = c.be<std::uint32_t>();
  if (!c.ok() || next == 0) return {};
  if (next <= 30) return "Mach-O program";
  return (next & 0xFFFFU) >= 45 && (next & 0xFFFFU) <= 100 ? "Java class" : std::string_view();
}

bool is_script(Bytes head) {
  std::string_view s = as_text(head);
  if (!s.starts_with("#!")) return false;
  std::string_view line = trim(s.substr(2, std::min<std::size_t>(s.find('\n', 2), 256) - 2));
  return line.starts_with('/') && line.size() < 128 && looks_like_text(as_bytes(line));
}

}  // namespace

std::string_view program_kind(Bytes content) {
  Bytes head = content.first(std::min<std::size_t>(content.size(), 4096));
  if (is_elf(head)) return "ELF program";
  if (is_pe(head)) return "Windows program";
  if (is_thin_mach_o(head)) return "Mach-O program";
  if (is_script(head)) return "script";
  return cafebabe(head);
}

}  // namespace parapet
