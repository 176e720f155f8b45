// joblib keeps arrays out of the pickle: a NumpyArrayWrapper is built, and the bytes of the array
// follow at once, with padding in newer versions. An object array follows as a pickle of its own.
// Layout: joblib's numpy_pickle.py (read_array).
#include "base/text.h"
#include "formats/pickle/machine.h"

namespace parapet::pickle {
namespace {

// Bytes of one element of a NumPy type string as "f8", "U5", "V16"; 0 when not known.
std::uint64_t element_size(std::string_view type) {
  if (type == "?") return 1;
  if (!type.empty() && (type[0] == '<' || type[0] == '>' || type[0] == '|' || type[0] == '='))
    type.remove_prefix(1);
  if (type.size() < 2) return 0;
  auto n = to_integer(type.substr(1));
  if (!n || *n < 0 || *n > (1 << 30)) return 0;
  return static_cast<std::uint64_t>(*n) * (type[0] == 'U' ? 4 : 1);
}

}  // namespace

void Machine::skip_array(Value wrapper, Value state, std::uint64_t at, Cursor& c) {
  static_cast<void>(wrapper);
  ++out_.arrays;
  frame_end_ = 0;  // the writer closes its frame before the bytes
  std::uint64_t count = 1, size = 0;
  bool known_shape = false, padded = false, too_large = false;
  std::string type;
  auto pairs = elements(state);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    std::string key;
    if (!text_of(pairs[i], key)) continue;
    if (key == "shape" && pairs[i + 1].is(Kind::tuple)) {
      auto view = heap_.view(pairs[i + 1].payload());
      known_shape = !view.lost && view.total == view.kept.size();
      for (Value v : view.kept) {
        auto n =
            v.is(Kind::integer) && v.number() >= 0 ? static_cast<std::uint64_t>(v.number()) : ~0ULL;
        if (n != 0 && count > (1ULL << 50U) / n)
          too_large = true;
        else
          count *= n;
      }
    } else if (key == "dtype") {
      if (auto it = dtypes_.find(Heap::node_of(pairs[i + 1])); it != dtypes_.end())
        type = it->second;
      size = element_size(type);
    } else if (key == "numpy_array_alignment_bytes") {
      padded = pairs[i + 1].is(Kind::integer);
    }
  }
  if (type.starts_with("O")) {
    if (options_.depth >= 8) return break_off("object arrays nested deeper than 8");
    MachineOptions options = options_;
    options.depth++;
    Reading inner = Machine(all_, budget_, options).run(c.offset());
    bool good = inner.stopped;
    std::uint64_t end = inner.end;
    if (out_.inner.size() < 4096)
      out_.inner.push_back(std::move(inner));
    else
      out_.limits.emplace_back("more than 4096 object arrays");
    if (!good) return break_off("the object array behind a NumpyArrayWrapper is no pickle");
    return c.seek(end);
  }
  if (known_shape && too_large) {
    odd("overflow", "an array whose shape is larger than any file", at);
    return c.fail("count larger than the input");
  }
  if (!known_shape || size == 0) return break_off("a NumpyArrayWrapper whose size cannot be told");
  if (padded) c.skip(c.le<std::uint8_t>());
  if (count != 0 && size > c.left() / count) {
    odd("overflow",
        "an array of " + std::to_string(count) + " elements of " + std::to_string(size) +
            " bytes where " + std::to_string(c.left()) + " bytes are left",
        at);
    return c.fail("truncated");
  }
  c.skip(count * size);
}

}  // namespace parapet::pickle
