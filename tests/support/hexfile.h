#pragma once
// Hostile files as text a reviewer can read. Tokens, any number a line; '#' starts a comment:
//   47 47 55 46     hex bytes          "gguf"   its characters (\n \t \\ \" \xNN)
//   u32 3  u64 10   little-endian      b32 3    big-endian        *16 00   the next byte 16 times
//   len8( ... )  len32( ... )  len64( ... )     what is between, with its length in front
//   crc32( ... )    what is between, unchanged; a following `crc` writes its CRC-32
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace parapet::test {

inline std::uint32_t crc32(const std::string& s) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (char c : s) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

class HexAssembler {
 public:
  std::string run(std::istream& in) {
    std::string line;
    while (std::getline(in, line)) read_line(line);
    if (!open_.empty()) throw std::runtime_error("len( without )");
    return out_;
  }

 private:
  struct Open {
    std::size_t at;
    std::size_t bits;  // 0: crc32(
  };

  void put(std::uint64_t v, std::size_t bits, bool big) {
    for (std::size_t i = 0; i < bits; i += 8) {
      std::size_t shift = big ? bits - 8 - i : i;
      out_ += static_cast<char>(v >> shift & 0xFFU);
    }
  }

  void read_line(const std::string& line) {
    std::size_t i = 0;
    std::size_t repeat = 1;
    while (i < line.size()) {
      if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
        ++i;
        continue;
      }
      if (line[i] == '#') return;
      if (line[i] == '"') {
        std::string s = quoted(line, i);
        while (repeat-- > 0) out_ += s;
        repeat = 1;
        continue;
      }
      std::size_t end = line.find_first_of(" \t\r", i);
      std::string t = line.substr(i, end == std::string::npos ? end : end - i);
      i += t.size();
      if (t[0] == '*') {
        repeat = std::stoul(t.substr(1));
      } else if (t == ")") {
        close();
      } else if (t == "crc") {
        put(crc_, 32, false);
      } else if (t == "crc32(") {
        open_.push_back({out_.size(), 0});
      } else if (t.starts_with("len")) {
        open_.push_back({out_.size(), std::stoul(t.substr(3))});
      } else if (t[0] == 'u' || (t[0] == 'b' && t.size() > 2)) {
        std::istringstream rest(line.substr(i));
        std::string n;
        rest >> n;
        i = line.find(n, i) + n.size();
        bool negative = n[0] == '-';
        std::uint64_t v = negative ? static_cast<std::uint64_t>(std::stoll(n, nullptr, 0)) : std::stoull(n, nullptr, 0);
        put(v, std::stoul(t.substr(1)), t[0] == 'b');
      } else {
        out_.append(repeat, static_cast<char>(std::stoul(t, nullptr, 16)));
        repeat = 1;
      }
    }
  }

  void close() {
    if (open_.empty()) throw std::runtime_error(") without (");
    Open o = open_.back();
    open_.pop_back();
    std::string body = out_.substr(o.at);
    if (o.bits == 0) {
      crc_ = crc32(body);
      return;
    }
    out_.resize(o.at);
    put(body.size(), o.bits, false);
    out_ += body;
  }

  static std::string quoted(const std::string& line, std::size_t& i) {
    std::string s;
    for (++i; i < line.size() && line[i] != '"'; ++i) {
      if (line[i] != '\\') {
        s += line[i];
        continue;
      }
      char c = line[++i];
      if (c == 'x') {
        s += static_cast<char>(std::stoul(line.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        s += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      }
    }
    ++i;
    return s;
  }

  std::string out_;
  std::vector<Open> open_;
  std::uint32_t crc_ = 0;
};

inline std::string assemble(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("no fixture " + path);
  return HexAssembler().run(in);
}

struct Fixture {
  std::string path, name, bytes;  // name: without ".hex"
};

// Every fixture in a folder and below it, by path.
inline std::vector<Fixture> fixtures(const std::string& folder) {
  std::vector<Fixture> out;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder)) {
    if (!e.is_regular_file() || e.path().extension() == ".golden") continue;
    std::string path = e.path().string();
    std::string name = e.path().filename().string();
    if (name.ends_with(".hex")) {
      out.push_back({path, name.substr(0, name.size() - 4), assemble(path)});
    } else {
      std::ifstream in(path, std::ios::binary);
      out.push_back({path, name, std::string(std::istreambuf_iterator<char>(in), {})});
    }
  }
  std::sort(out.begin(), out.end(), [](const Fixture& a, const Fixture& b) { return a.path < b.path; });
  return out;
}

}  // namespace parapet::test
