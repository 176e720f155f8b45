// SentencePiece tokenizers: a protobuf ModelProto {1: pieces {1: piece, 2: score, 3: type},
// 2: trainer_spec, 3: normalizer_spec, 4: self_test_data, 5: denormalizer_spec}.
// https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
#include <array>
#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"
#include "formats/format.h"
#include "formats/protobuf/wire.h"

namespace parapet::formats {
namespace {

using protobuf::f32;
using protobuf::Field;
using protobuf::len;
using protobuf::Message;
using protobuf::num;
using protobuf::Outline;
using protobuf::outline;

constexpr std::array<std::string_view, 7> type_names{
    "?", "normal", "unknown", "control", "user-defined", "unused", "byte"};
constexpr std::uint64_t max_duplicates = 20;
constexpr std::uint64_t max_symbols = 200;
constexpr std::size_t max_told_apart = 4'000'000;  // pieces: ten times the largest vocabulary

bool recognises(const Artifact& a) {
  Outline top = outline(Cursor(a.bytes), {len(1)});
  const Field* piece = top.largest(len(1));
  if (piece == nullptr) return false;
  Outline p = outline(piece->body, {len(1), f32(2), num(3)});
  // A score of four bytes beside a text: no graph's node has that.
  return p.sound && p.has(len(1)) && p.has(f32(2)) && !p.others;
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), walk_(a, sink, "SentencePiece") {}

  void run() {
    Message m(walk_, Cursor(a_.bytes));
    Field f;
    while (m.next(f)) switch (f.key) {
        case len(1):
          piece(f);
          break;
        case len(2):
          trainer(f);
          break;
        case len(3):
        case len(4):
        case len(5):
          break;
        default:
          walk_.unknown(f);
      }
    std::string counts;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (counts_[i] != 0)
        counts += (counts.empty() ? "" : ", ") + std::to_string(counts_[i]) + " " +
                  std::string(type_names[i]);
    metadata("pieces", counts, {});
    Fact model{"model", {}, {}, "SentencePiece model of " + std::to_string(pieces_) + " pieces"};
    model.set("format", "sentencepiece").set("name", file_name(a_.name));
    model.set("loader", "sentencepiece");
    sink_.add(std::move(model));
    walk_.finish();
  }

 private:
  void metadata(std::string_view key, std::string_view value, const Place& place) {
    Fact f{"metadata", {}, place, printable(key, 60) + ": " + printable(value, 120)};
    f.set("key", key).set("value", value.substr(0, 400)).set("format", "sentencepiece");
    sink_.add(std::move(f));
  }

  void piece(const Field& field) {
    std::string_view text;
    std::uint64_t type = 1;
    Message m(walk_, field.body);
    Field f;
    while (m.next(f)) switch (f.key) {
        case len(1):
          text = f.text();
          break;
        case num(3):
          type = f.value;
          break;
        case f32(2):
          break;
        default:
          walk_.unknown(f);
      }
    ++pieces_;
    ++counts_[type < counts_.size() ? type : 0];
    if (seen_.size() < max_told_apart && !seen_.insert(fnv1a(text)).second &&
        ++duplicates_ <= max_duplicates)
      sink_.anomaly("duplicate-key", "the piece \"" + printable(text, 60) + "\" stands twice",
                    field.place());
    // What a chat's text is cut at: control symbols say who speaks.
    if ((type == 3 || type == 4) && ++symbols_ <= max_symbols)
      metadata(type_names[type], text, field.place());
  }

  // {1: input files, 2: model prefix, …}: where and of what it was made.
  void trainer(const Field& spec) {
    Message m(walk_, spec.body);
    Field f;
    while (m.next(f)) {
      if (f.key == len(1)) metadata("trainer input", f.text(), f.place());
      if (f.key == len(2)) metadata("trainer prefix", f.text(), f.place());
    }
  }

  const Artifact& a_;
  Sink& sink_;
  protobuf::Walk walk_;
  std::array<std::uint64_t, type_names.size()> counts_{};
  std::unordered_set<std::uint64_t> seen_;
  std::uint64_t pieces_ = 0, duplicates_ = 0, symbols_ = 0;
};

void parse(const Artifact& a, Sink& sink) {
  sink.is("sentencepiece");
  Reading(a, sink).run();
}

}  // namespace

extern const Format sentencepiece;
const Format sentencepiece{
    "sentencepiece",
    1,
    "SentencePiece tokenizers",
    "https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto",
    recognises,
    parse};

}  // namespace parapet::formats
