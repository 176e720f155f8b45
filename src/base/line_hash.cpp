#include "base/line_hash.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_map>

#include "base/text.h"

namespace parapet {
namespace {

constexpr std::size_t window_size = 100;
constexpr std::uint64_t base = 37;
constexpr std::uint32_t end_of_file = 65535;

constexpr std::uint64_t power_of_base() {
  std::uint64_t p = 1;
  for (std::size_t i = 0; i < window_size; ++i) p *= base;
  return p;
}

// Calls `line_hashed(number, hash)` once per line, in order.
template <class F>
class RollingHash {
 public:
  explicit RollingHash(F line_hashed) : line_hashed_(line_hashed) {}

  void add(std::uint32_t unit) {
    if (unit == ' ' || unit == '\t' || (after_return_ && unit == '\n')) {
      after_return_ = false;
      return;
    }
    after_return_ = unit == '\r';
    if (after_return_) unit = '\n';
    emit();
    if (at_line_start_) starts_[index_] = ++line_;
    at_line_start_ = unit == '\n';
    roll(unit);
  }
  void finish() {
    add(end_of_file);
    for (std::size_t i = 0; i < window_size; ++i) emit(), roll(0);
  }

 private:
  void emit() {
    if (starts_[index_] == 0) return;
    line_hashed_(starts_[index_], hash_);
    starts_[index_] = 0;
  }
  void roll(std::uint32_t unit) {
    hash_ = base * hash_ + unit - power_of_base() * window_[index_];
    window_[index_] = unit;
    index_ = (index_ + 1) % window_size;
  }

  F line_hashed_;
  std::array<std::uint32_t, window_size> window_{};
  std::array<std::uint32_t, window_size> starts_{};  // the line that begins at this unit; 0: none
  std::uint64_t hash_ = 0;
  std::size_t index_ = 0;
  std::uint32_t line_ = 0;
  bool at_line_start_ = true;
  bool after_return_ = false;
};

template <class F>
void for_each_line_hash(std::string_view text, F line_hashed) {
  RollingHash<F> rolling(line_hashed);
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      rolling.add(static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    auto c = take_code_point(text);
    if (c >= 0x10000) {
      rolling.add(0xD800U + ((c - 0x10000U) >> 10U));
      c = 0xDC00U + ((c - 0x10000U) & 0x3FFU);
    }
    rolling.add(c);
  }
  rolling.finish();
}

std::string written(std::uint64_t hash, std::uint64_t occurrence) {
  char out[48];
  std::snprintf(out, sizeof out, "%llx:%llu", static_cast<unsigned long long>(hash),
                static_cast<unsigned long long>(occurrence));
  return out;
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view text) {
  std::vector<std::string> out;
  std::unordered_map<std::uint64_t, std::uint64_t> seen;
  for_each_line_hash(
      text, [&](std::uint32_t, std::uint64_t hash) { out.push_back(written(hash, ++seen[hash])); });
  return out;
}

std::map<std::uint32_t, std::string> line_hashes(std::string_view text,
                                                 std::span<const std::uint32_t> lines) {
  std::vector<std::uint32_t> wanted(lines.begin(), lines.end());
  std::sort(wanted.begin(), wanted.end());
  std::map<std::uint32_t, std::string> out;
  if (wanted.empty()) return out;
  // Which hashes matter is known only after one pass; their occurrences are counted in the next.
  std::unordered_map<std::uint64_t, std::uint64_t> seen;
  for_each_line_hash(text, [&](std::uint32_t line, std::uint64_t hash) {
    if (std::binary_search(wanted.begin(), wanted.end(), line)) seen[hash] = 0;
  });
  for_each_line_hash(text, [&](std::uint32_t line, std::uint64_t hash) {
    auto at = seen.find(hash);
    if (at == seen.end()) return;
    ++at->second;
    if (std::binary_search(wanted.begin(), wanted.end(), line))
      out[line] = written(hash, at->second);
  });
  return out;
}

}  // namespace parapet
