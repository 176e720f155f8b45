#pragma once
// Reads hostile bytes. The only code in the project that does offset arithmetic on input.
//
// The first failed read sticks: every later read returns zero or empty and moves nothing, and
// nothing is left, so a parser reads a whole record and asks ok() once, and a loop over what is
// left ends. A zero never stands for data: check ok() before acting on a value, and in every loop
// condition.
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>

#include "base/bytes.h"

namespace parapet {

static_assert(sizeof(std::size_t) == 8, "64-bit machines only: lengths are never narrowed");

class Cursor {
 public:
  // `base` is where these bytes start in their artifact, so that offset() is always absolute.
  explicit Cursor(Bytes bytes, std::uint64_t base = 0) : bytes_(bytes), base_(base) {}

  bool ok() const { return error_ == nullptr; }
  const char* error() const { return error_; }
  std::uint64_t offset() const { return base_ + at_; }
  std::uint64_t left() const { return ok() ? bytes_.size() - at_ : 0; }

  template <std::unsigned_integral T>
  T le() {
    return read<T>(std::endian::little);
  }
  template <std::unsigned_integral T>
  T be() {
    return read<T>(std::endian::big);
  }

  Bytes take(std::uint64_t n) {
    if (!fits(n)) return {};
    Bytes out = bytes_.subspan(at_, n);
    at_ += n;
    return out;
  }
  std::string_view text(std::uint64_t n) { return as_text(take(n)); }
  Cursor sub(std::uint64_t n) {
    std::uint64_t start = offset();
    Cursor c(take(n), start);
    c.error_ = error_;
    return c;
  }
  void skip(std::uint64_t n) { take(n); }
  // The next `n` bytes without moving; empty when fewer are left. Fails nothing.
  Bytes peek(std::uint64_t n) const { return n <= left() ? bytes_.subspan(at_, n) : Bytes{}; }
  // Moves to `offset`, absolute like offset() gives it.
  void seek(std::uint64_t offset) {
    if (offset < base_ || offset - base_ > bytes_.size()) fail("offset outside the input");
    if (ok()) at_ = offset - base_;
  }
  // Up to, and moving past, the next `stop`; fails when there is none.
  std::string_view until(char stop) {
    if (!ok()) return {};
    auto rest = as_text(bytes_.subspan(at_));
    auto n = rest.find(stop);
    if (n == std::string_view::npos) {
      fail("truncated");
      return {};
    }
    at_ += n + 1;
    return rest.substr(0, n);
  }

  // A declared element count is believed only when that many elements of at least `min_size` bytes
  // can still follow. So no allocation can outgrow the input that asked for it.
  template <std::uint64_t min_size>
    requires(min_size > 0)
  std::uint64_t count(std::uint64_t n) {
    if (n > left() / min_size) fail("count larger than the input");
    return ok() ? n : 0;
  }

  void fail(const char* why) {
    if (ok()) error_ = why;
  }

 private:
  bool fits(std::uint64_t n) {
    if (n > left()) fail("truncated");
    return ok();
  }

  template <std::unsigned_integral T>
  T read(std::endian order) {
    if (!fits(sizeof(T))) return 0;
    T v;
    std::memcpy(&v, bytes_.data() + at_, sizeof v);
    at_ += sizeof v;
    if (order == std::endian::native) return v;
    std::uint64_t r = 0;
    for (std::size_t i = 0; i < sizeof v; ++i) r = r << 8U | (std::uint64_t{v} >> (8U * i) & 0xFFU);
    return static_cast<T>(r);
  }

  Bytes bytes_;
  std::uint64_t at_ = 0;
  std::uint64_t base_ = 0;
  const char* error_ = nullptr;
};

}  // namespace parapet
