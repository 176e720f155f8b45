#pragma once
// The fixtures of a folder: *.hex files assembled (base/hexfile.h says how), all others as they
// are.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/hexfile.h"

namespace parapet::test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("no file " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string assemble(const std::string& path) {
  auto bytes = assemble_hex(read_file(path));
  if (!bytes)
    throw std::runtime_error(path + ": " + bytes.error().what + ": " + bytes.error().cause);
  return *bytes;
}

struct Fixture {
  std::string path, name, bytes;  // name: without ".hex"
};

// Every fixture in a folder and below it, by path.
inline std::vector<Fixture> fixtures(const std::string& folder) {
  std::vector<Fixture> out;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder)) {
    if (!e.is_regular_file() || e.path().extension() == ".golden") continue;
    std::string name = e.path().filename().string();
    if (name.ends_with(".hex"))
      out.push_back(
          {e.path().string(), name.substr(0, name.size() - 4), assemble(e.path().string())});
    else
      out.push_back({e.path().string(), name, read_file(e.path())});
  }
  std::sort(out.begin(), out.end(),
            [](const Fixture& a, const Fixture& b) { return a.path < b.path; });
  return out;
}

}  // namespace parapet::test
