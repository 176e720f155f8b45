#pragma once
// Where unpacked bytes go: memory while they are few, an unnamed temporary file (O_TMPFILE, mapped)
// when they are many. So a member of any size can be scanned within the memory limit, and nothing
// with a name is ever written. All Scratches together hold at most 192 MiB in memory.
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "model/budget.h"

namespace parapet {

// A temporary file without a name, open for reading and writing; negative with errno when refused.
int unnamed_file();

class Scratch {
 public:
  // Every byte appended is charged to `budget` (its limit of unpacked bytes).
  explicit Scratch(Budget& budget) : budget_(budget) {}
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // False when the budget is spent or the temporary file cannot grow: stop unpacking. What was
  // appended before stays and can be scanned.
  bool append(Bytes);
  std::uint64_t size() const { return size_; }
  const std::string& error() const { return error_; }  // why append said no, when not the budget

  struct Held {
    Bytes bytes;
    std::shared_ptr<const void> owner;
  };
  // Hands the bytes over; the Scratch is empty after.
  Held take();

 private:
  bool spill();

  Budget& budget_;
  std::shared_ptr<std::string> memory_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::string error_;
};

}  // namespace parapet
