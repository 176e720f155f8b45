#pragma once
// The limits of one root artifact: everything unpacked from it draws on the same budget, so a bomb
// cannot escape its limit by nesting. Used by one thread at a time.
#include <chrono>
#include <cstdint>

namespace parapet {

struct Limits {
  std::uint64_t depth = 8;                 // containers in containers
  std::uint64_t unpacked = 64ULL << 30U;   // bytes, all levels together
  std::uint64_t ratio = 1000;              // unpacked bytes per byte of the root artifact
  std::uint64_t entries = 1'000'000;       // members, all levels together
  std::uint64_t steps = 4'000'000'000ULL;  // turns of parser loops
  std::uint64_t seconds = 300;             // wall time; 0 = no limit
  std::uint64_t facts = 200'000;           // facts kept per root artifact
};

class Budget {
 public:
  explicit Budget(const Limits& limits, std::uint64_t root_size = 0)
      : limits_(limits), started_(std::chrono::steady_clock::now()) {
    // Small files may expand freely up to 64 MiB; only beyond does the ratio say "bomb".
    std::uint64_t by_ratio =
        root_size < (1ULL << 50U) / (limits.ratio + 1) ? root_size * limits.ratio : limits.unpacked;
    by_ratio = by_ratio < (64ULL << 20U) ? 64ULL << 20U : by_ratio;
    bytes_left_ = by_ratio < limits.unpacked ? by_ratio : limits.unpacked;
    steps_left_ = limits.steps;
    entries_left_ = limits.entries;
    facts_left_ = limits.facts;
  }

  const Limits& limits() const { return limits_; }
  // The first limit that was hit, as a report says it; null while none is.
  const char* spent() const { return spent_; }

  bool step(std::uint64_t n = 1) {
    if (spent_ != nullptr) return false;
    if (n > steps_left_) return hit("the limit of parse steps");
    steps_left_ -= n;
    if ((++ticks_ & 0xFFFU) == 0 && limits_.seconds != 0 &&
        std::chrono::steady_clock::now() - started_ > std::chrono::seconds(limits_.seconds))
      return hit("the time limit");
    return true;
  }
  bool entry() { return take(entries_left_, 1, "the limit of archive entries"); }
  bool unpack(std::uint64_t n) { return take(bytes_left_, n, "the limit of unpacked bytes"); }
  bool fact() { return take(facts_left_, 1, "the limit of facts"); }
  std::uint64_t unpack_left() const { return bytes_left_; }

 private:
  bool take(std::uint64_t& left, std::uint64_t n, const char* what) {
    if (spent_ != nullptr) return false;
    if (n > left) return hit(what);
    left -= n;
    return true;
  }
  bool hit(const char* what) {
    spent_ = what;
    return false;
  }

  Limits limits_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t bytes_left_ = 0, steps_left_ = 0, entries_left_ = 0, facts_left_ = 0, ticks_ = 0;
  const char* spent_ = nullptr;
};

}  // namespace parapet
