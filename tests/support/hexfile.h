#pragma once
// Hostile files as text a reviewer can read. Tokens, any number a line; '#' starts a comment:
//   47 47 55 46     hex bytes          "gguf"   its characters
//   u32 3  u64 10   little-endian      *16 00   the next byte 16 times
#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace parapet::test {

inline std::string assemble(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("no fixture " + path);
  std::string out;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream tokens(line);
    std::string t;
    std::size_t repeat = 1;
    while (tokens >> t) {
      if (t[0] == '#') break;
      if (t[0] == '"') {
        out += t.substr(1, t.size() - 2);
      } else if (t[0] == '*') {
        repeat = std::stoul(t.substr(1));
      } else if (t[0] == 'u') {
        std::uint64_t v = 0;
        std::string n;
        tokens >> n;
        v = std::stoull(n, nullptr, 0);
        for (std::size_t bits = std::stoul(t.substr(1)); bits != 0; bits -= 8, v >>= 8U)
          out += static_cast<char>(v & 0xFFU);
      } else {
        out.append(repeat, static_cast<char>(std::stoul(t, nullptr, 16)));
        repeat = 1;
      }
    }
  }
  return out;
}

}  // namespace parapet::test
