// PyTorch files from before 1.6: five pickles in a row (magic number, protocol version, facts of
// the system, the object, the keys of its storages), then each storage: its number of elements as
// int64 and its bytes. The zip and tar forms come here as children of their containers. Layout:
// torch/serialization.py, _legacy_save.
#include <algorithm>
#include <unordered_map>

#include "formats/format.h"
#include "formats/pickle/constants.h"
#include "formats/pickle/kinds.h"
#include "formats/pickle/report.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) { return pickle::is_legacy_pytorch(a.bytes); }

std::uint64_t element_size(std::string_view storage) {
  static constexpr struct {
    std::string_view name;
    std::uint64_t size;
  } sizes[] = {{"DoubleStorage", 8},         {"LongStorage", 8},     {"ComplexFloatStorage", 8},
               {"ComplexDoubleStorage", 16}, {"FloatStorage", 4},    {"IntStorage", 4},
               {"QInt32Storage", 4},         {"HalfStorage", 2},     {"BFloat16Storage", 2},
               {"ShortStorage", 2},          {"CharStorage", 1},     {"ByteStorage", 1},
               {"BoolStorage", 1},           {"QInt8Storage", 1},    {"QUInt8Storage", 1},
               {"QUInt4x2Storage", 1},       {"QUInt2x4Storage", 1}, {"UntypedStorage", 1},
               {"_UntypedStorage", 1}};
  for (const auto& s : sizes)
    if (storage == s.name) return s.size;
  return 0;
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("pytorch");
  Fact model{"model", {}, {0, 0}, "a PyTorch file in the form from before version 1.6"};
  model.set("format", "pytorch-legacy").set("loader", "torch.load");
  sink.add(std::move(model));
  pickle::Context context{.file_type = "pytorch", .storages = true};
  std::uint64_t offset = 0;
  pickle::Reading object, keys;
  for (int i = 0; i < 5; ++i) {
    pickle::Reading r = pickle::read_stream(a, sink, offset, i == 0 ? "first" : "later", context);
    offset = r.end;
    if (!r.stopped) {
      sink.anomaly(r.truncated ? "truncated" : "malformed", r.why, {r.end, 0});
      sink.partly("pickle " + std::to_string(i + 1) + " of 5 breaks at offset " +
                  std::to_string(r.end) + ": " + r.why);
      return pickle::read_hidden(a, sink, offset, context);
    }
    if (i == 3)
      object = std::move(r);
    else if (i == 4)
      keys = std::move(r);
  }
  std::unordered_map<std::string_view, std::uint64_t> sizes;
  for (const auto& s : object.storages) sizes.emplace(s.key, element_size(s.type));
  Cursor c(a.bytes);
  c.seek(offset);
  for (const auto& key : keys.texts) {
    if (!c.ok() || !sink.next()) break;
    auto size = sizes.find(key);
    if (size == sizes.end() || size->second == 0) {
      sink.partly("the storage " + printable(key, 40) + " has no known element size");
      break;
    }
    auto n = c.le<std::uint64_t>();
    if (n > c.left() / size->second) c.fail("truncated");
    c.skip(n * size->second);
  }
  sink.finish(c);
  offset = c.offset();
  if (offset >= a.bytes.size()) return;
  if (c.ok() && !keys.texts.empty())
    sink.anomaly("trailing-data",
                 std::to_string(a.bytes.size() - offset) + " bytes behind the storages",
                 {offset, a.bytes.size() - offset});
  pickle::look_for_executables(sink, a.bytes.subspan(offset), offset);
  pickle::read_hidden(a, sink, offset, context);
}

}  // namespace

extern const Format pytorch{"pytorch",
                            1,
                            "PyTorch files from before 1.6 (pickles and storages in a row)",
                            "https://github.com/pytorch/pytorch/blob/main/torch/serialization.py",
                            recognises,
                            parse};

}  // namespace parapet::formats
