// TensorFlow checkpoints: PREFIX.index, a LevelDB table of tensor names to BundleEntryProto (its
// bytes lie in PREFIX.data-…); older ones, one table of slices; and the text file "checkpoint" that
// names the newest. A table ends in 48 bytes: two block handles, padding, a magic number.
// tensorflow/core/lib/io/{format,table_format.txt}, tensorflow/core/protobuf/tensor_bundle.proto
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/protobuf/wire.h"
#include "formats/reference/reference.h"

namespace parapet::formats {
namespace {

using protobuf::f32;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

constexpr std::string_view magic("\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
constexpr std::uint64_t footer_size = 48;
constexpr std::size_t max_tensor_facts = 2000;
constexpr std::size_t longest_key = 64U << 10U;
constexpr std::uint64_t max_anomalies = 20;

bool is_list(const Artifact& a) {
  std::string_view s = trim(as_text(a.bytes).substr(0, 4096));
  return s.starts_with("model_checkpoint_path:") || s.starts_with("all_model_checkpoint_paths:");
}

bool is_table(const Artifact& a) {
  return a.bytes.size() >= footer_size && as_text(a.bytes).ends_with(magic);
}

struct Handle {
  std::uint64_t offset = 0, size = 0;
};
Handle read_handle(Cursor& c) {
  Handle h;
  h.offset = protobuf::read_varint(c);
  h.size = protobuf::read_varint(c);
  return h;
}

// LevelDB tables are a common thing; this one's first key is empty and its value a header.
bool starts_like_checkpoint(const Artifact& a) {
  Cursor c(a.bytes);
  std::uint64_t shared = protobuf::read_varint(c), key = protobuf::read_varint(c);
  std::uint64_t value = protobuf::read_varint(c);
  if (!c.ok() || shared != 0 || key != 0 || value > 4096) return false;
  Outline header = outline(c.sub(value), {len(1), num(1), num(2), len(3)});
  return c.ok() && header.sound && (!header.others || header.has(len(1)));
}

bool recognises(const Artifact& a) {
  return is_list(a) || (is_table(a) && starts_like_checkpoint(a));
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), walk_(a, sink, "a checkpoint") {}

  void run() {
    Cursor footer(a_.bytes);
    footer.seek(a_.bytes.size() - footer_size);
    read_handle(footer);  // of blocks about blocks, which TensorFlow does not write
    Handle index = read_handle(footer);
    if (!footer.ok()) return sink_.finish(footer);
    Cursor failed(Bytes{});
    each_entry(index, failed, [&](std::string_view, Cursor value) {
      Handle data = read_handle(value);
      if (!value.ok()) failed = value;
      each_entry(data, failed, [&](std::string_view key, Cursor v) { entry(key, v); });
    });
    if (overlapping_) sink_.partly("blocks that overlap");
    Fact f{"model", {}, {}, "TensorFlow checkpoint with " + std::to_string(tensors_) + " tensors"};
    f.set("format", old_ ? "checkpoint-v1" : "checkpoint-v2").set("name", file_name(a_.name));
    f.set("loader", "tensorflow").set("framework", "tensorflow");
    sink_.add(std::move(f));
    if (tensors_ > max_tensor_facts)
      sink_.partly("only the first " + std::to_string(max_tensor_facts) + " tensors are listed");
    sink_.finish(failed);
    walk_.finish();
  }

 private:
  // A block: entries {shared, unshared, value's length, key's rest, value}, restart points, their
  // number; behind it a byte for the compression and a checksum.
  template <class See>
  void each_entry(Handle h, Cursor& failed, const See& see) {
    // Blocks follow one another: bytes that are read twice would make a small file a long one.
    read_ += h.size;
    if (read_ > a_.bytes.size()) overlapping_ = true;
    if (overlapping_) return;
    Cursor c(a_.bytes);
    c.seek(h.offset);
    Cursor block = c.sub(h.size);
    std::uint8_t compression = c.le<std::uint8_t>();
    if (!c.ok()) failed = c;
    if (c.ok() && compression != 0)
      return sink_.partly("a block compressed with Snappy is not read");
    Cursor tail = block;
    tail.seek(block.offset() + (h.size >= 4 ? h.size - 4 : h.size));
    std::uint64_t restarts = tail.le<std::uint32_t>();
    if (!tail.ok() || restarts > (h.size - 4) / 4) {
      tail.fail("more restart points than the block holds");
      failed = tail;
      return;
    }
    Cursor entries = block.sub(h.size - 4 - 4 * restarts);
    std::string key;
    while (entries.ok() && entries.left() != 0 && sink_.next()) {
      std::uint64_t shared = protobuf::read_varint(entries);
      std::uint64_t unshared = protobuf::read_varint(entries);
      std::uint64_t length = protobuf::read_varint(entries);
      if (shared > key.size() || shared + unshared > longest_key)
        entries.fail("a key that shares more than there is");
      key.resize(entries.ok() ? shared : 0);
      key += entries.text(unshared);
      Cursor value = entries.sub(length);
      if (entries.ok()) see(std::string_view(key), value);
    }
    if (!entries.ok()) failed = entries;
  }

  void entry(std::string_view key, Cursor value) {
    if (key.empty()) return header(value);
    if (old_) return;
    std::uint64_t type = 0, offset = 0, size = 0, shard = 0;
    std::uint64_t at = value.offset(), length = value.left();
    std::string shape;
    Message m(walk_, value);
    Field f;
    while (m.next(f)) switch (f.key) {
        case num(1):
          type = f.value;
          break;
        case len(2):
          shape = read_shape(f);
          break;
        case num(3):
          shard = f.value;
          break;
        case num(4):
          offset = f.value;
          break;
        case num(5):
          size = f.value;
          break;
        case f32(6):  // checksum
        case len(7):  // slices
          break;
        default:
          walk_.unknown(f);
      }
    Place place{at, length};
    if (constexpr std::uint64_t most = 1ULL << 60U;
        offset > most || size > most || shard >= shards_)
      if (++anomalies_ <= max_anomalies)
        sink_.anomaly("overflow",
                      "\"" + printable(key, 60) + "\" lies in shard " + std::to_string(shard) +
                          " from " + std::to_string(offset) + " on, " + std::to_string(size) +
                          " bytes",
                      place);
    put_tensor(key, type, shape, size, place);
  }

  // {2: dim {1: size}}
  std::string read_shape(const Field& field) {
    std::string out;
    Message m(walk_, field.body);
    Field f;
    while (m.next(f)) {
      if (f.key != len(2) || out.size() > 100) continue;
      std::optional<Field> size = protobuf::find_last(f.body, num(1));
      out += (out.empty() ? "" : ",") +
             std::to_string(size ? static_cast<std::int64_t>(size->value) : 0);
    }
    return out;
  }

  void put_tensor(std::string_view name, std::uint64_t type, const std::string& shape,
                  std::uint64_t size, const Place& place) {
    if (++tensors_ > max_tensor_facts) return;
    Fact f{"tensor", {}, place, "tensor \"" + printable(name, 60) + "\" [" + shape + "]"};
    f.set("name", name.substr(0, 200)).set("dtype", std::to_string(type)).set("shape", shape);
    f.set("bytes", std::to_string(size));
    sink_.add(std::move(f));
  }

  // {1: num_shards, 2: endianness, 3: version}; of old checkpoints {1: meta {1: tensor {1: name, 2:
  // shape, 3: type}}}
  void header(Cursor value) {
    Message m(walk_, value);
    Field f;
    while (m.next(f)) switch (f.key) {
        case num(1):
          shards_ = f.value;
          break;
        case len(1):
          old_ = true;
          old_tensors(f);
          break;
        case num(2):
        case len(3):
          break;
        default:
          walk_.unknown(f);
      }
    if (shards_ > 1'000'000)
      sink_.anomaly("overflow", std::to_string(shards_) + " shards",
                    {value.offset(), value.left()});
  }

  void old_tensors(const Field& meta) {
    Message m(walk_, meta.body);
    Field f;
    while (m.next(f)) {
      if (f.key != len(1)) continue;
      std::string_view name;
      std::string shape;
      std::uint64_t type = 0;
      Message tensor(walk_, f.body);
      Field part;
      while (tensor.next(part)) {
        if (part.key == len(1)) name = part.text();
        if (part.key == len(2)) shape = read_shape(part);
        if (part.key == num(3)) type = part.value;
      }
      put_tensor(name, type, shape, 0, f.place());
    }
  }

  const Artifact& a_;
  Sink& sink_;
  protobuf::Walk walk_;
  bool old_ = false, overlapping_ = false;
  std::uint64_t read_ = 0, tensors_ = 0, shards_ = 1, anomalies_ = 0;
};

// KEY: "PATH", a line each. A path is a folder's own unless it is absolute.
void read_list(const Artifact& a, Sink& sink) {
  std::string_view s = as_text(a.bytes);
  std::uint64_t at = 0;
  std::uint32_t number = 0;
  for (std::string_view line : split(s, '\n')) {
    ++number;
    std::uint64_t start = at;
    at += line.size() + 1;
    if (!sink.next()) return;
    auto [key, value, found] = split_once(trim(line), ":");
    value = trim(value);
    if (!found || !contains(key, "model_checkpoint_path") || value.size() < 2) continue;
    std::string path(value.substr(1, value.size() - 2));
    reference::add(sink, {.what = "weights",
                          .target = path,
                          .format = "tensorflow_checkpoint",
                          .by = "a checkpoint",
                          .place = {start, line.size(), number, 1, {}}});
  }
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("tensorflow_checkpoint");
  if (is_list(a)) return read_list(a, sink);
  if (!is_table(a)) return;
  Reading(a, sink).run();
}

}  // namespace

extern const Format tensorflow_checkpoint;
const Format tensorflow_checkpoint{
    "tensorflow_checkpoint",
    1,
    "TensorFlow checkpoints: index tables, the file that names the newest",
    "https://www.tensorflow.org/guide/checkpoint",
    recognises,
    parse};

}  // namespace parapet::formats
