#pragma once
// Where formats and dialects put what they see. Holds the limits, so no parser counts for itself;
// turns a failed cursor or a spent limit into a fact, so that silence is never "clean".
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/cursor.h"
#include "model/artifact.h"
#include "model/budget.h"
#include "model/document.h"
#include "model/fact.h"

namespace parapet {

class Sink {
 public:
  // `scan_child` is called at once for each child, so unpacked bytes can be let go right after.
  Sink(Budget& budget, std::function<void(Artifact&&)> scan_child)
      : budget_(budget), scan_child_(std::move(scan_child)) {}

  // Ask once per loop turn. Attempts are limited, not results: a loop that finds nothing ends too.
  bool next(std::uint64_t n = 1) { return budget_.step(n); }
  Budget& budget() { return budget_; }

  // Adds a fact and returns its index in facts(), for `of`. Past the limit of facts it is dropped,
  // the artifact counts as partly scanned, and the index of the last fact kept comes back.
  std::int32_t add(Fact f) {
    if (budget_.fact()) facts_.push_back(std::move(f));
    return static_cast<std::int32_t>(facts_.size()) - 1;
  }
  Fact& fact(std::int32_t index) { return facts_[static_cast<std::size_t>(index)]; }
  const Facts& facts() const { return facts_; }
  Facts& facts() { return facts_; }

  // Something wrong with the artifact itself that a rule may judge: kind "anomaly", attribute
  // `name` (one of docs/facts.md).
  void anomaly(std::string_view name, std::string says, Place place) {
    Fact f{"anomaly", {}, std::move(place), std::move(says)};
    f.set("name", name);
    add(std::move(f));
  }
  // Bytes were seen that could not be read or are not understood: the artifact is "partly scanned".
  void partly(std::string why) {
    if (partly_.size() < 8) partly_.push_back(std::move(why));
  }
  const std::vector<std::string>& why_partly() const { return partly_; }

  // Bytes found inside, to be scanned as an artifact of their own. `name` is the part after "!/".
  void child(const Artifact& parent, std::string_view name, Bytes bytes,
             std::shared_ptr<const void> owner) {
    if (!budget_.entry()) return;
    if (parent.depth + 1 > budget_.limits().depth) {
      partly("deeper than " + std::to_string(budget_.limits().depth) + " containers");
      anomaly("too-deep", "containers nested deeper than the limit", {});
      return;
    }
    scan_child_(
        {parent.name + "!/" + std::string(name), bytes, std::move(owner), parent.depth + 1});
  }
  void document(Document d) { documents_.push_back(std::move(d)); }
  const std::vector<Document>& documents() const { return documents_; }

  // A parser found that the bytes are what it says it reads: the artifact's `kinds`.
  void is(std::string_view kind) { kinds_.emplace_back(kind); }
  const std::vector<std::string>& kinds() const { return kinds_; }

  // Call once, last: what was read stays, and a failed cursor becomes a fact.
  void finish(const Cursor& c) {
    if (c.ok()) return;
    anomaly("malformed", c.error(), {c.offset(), 0});
    partly(std::string(c.error()) + " at offset " + std::to_string(c.offset()));
  }

 private:
  Budget& budget_;
  std::function<void(Artifact&&)> scan_child_;
  Facts facts_;
  std::vector<Document> documents_;
  std::vector<std::string> partly_, kinds_;
};

}  // namespace parapet
