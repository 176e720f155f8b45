#pragma once
// The operators of a model's graphs, counted as they are met and put as facts once.
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "model/sink.h"

namespace parapet::protobuf {

struct Operator {
  std::string name, domain, where, power;
  std::string argument = {};  // a file name, address or Python name that is known
};

class Operators {
 public:
  explicit Operators(std::string_view framework) : framework_(framework) {}

  // One node. Only operators with a power become facts; the rest is a number.
  void seen(std::string_view name) {
    ++nodes_;
    if (kinds_.size() < max_kinds) kinds_.emplace(name);
  }
  void add(Operator, const Place&, std::uint64_t count = 1);
  void put(Sink&) const;
  std::uint64_t nodes() const { return nodes_; }

 private:
  static constexpr std::size_t max_kinds = 10'000;
  // Facts of one operator with one power; of all custom ones together. A flood of one kind must not
  // drown another.
  static constexpr std::size_t max_alike = 100;
  struct Met {
    Operator op;
    Place first;
    std::uint64_t count = 0;
  };
  std::string framework_;
  std::uint64_t nodes_ = 0, dropped_ = 0;
  std::set<std::string, std::less<>> kinds_;
  std::map<std::string, Met> met_;
  std::map<std::string, std::size_t> alike_;
};

}  // namespace parapet::protobuf
