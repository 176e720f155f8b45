// ncnn graphs (.param): text, "7767517", "LAYERS BLOBS", then a line a layer: type, name, numbers
// of inputs and outputs, their names, parameters. The binary form begins with the same number as an
// i32 and has numbers for types, those from 256 being the program's own.
// https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure
#include <algorithm>
#include <map>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr std::uint32_t magic = 7767517;
constexpr std::string_view own_types =
    " AbsVal ArgMax BatchNorm Bias BNLL Concat Convolution Crop Deconvolution Dropout Eltwise ELU "
    "Embed "
    "Exp Flatten InnerProduct Input Log LRN MemoryData MVN Pooling Power PReLU Proposal Reduction "
    "ReLU "
    "Reshape ROIPooling Scale Sigmoid Slice Softmax Split SPP TanH Threshold Tile RNN LSTM "
    "BinaryOp "
    "UnaryOp ConvolutionDepthWise Padding Squeeze ExpandDims Normalize Permute PriorBox "
    "DetectionOutput "
    "Interp DeconvolutionDepthWise ShuffleChannel InstanceNorm Clip Reorg YoloDetectionOutput "
    "Quantize "
    "Dequantize Yolov3DetectionOutput PSROIPooling ROIAlign Packing Requantize Cast HardSigmoid "
    "SELU "
    "HardSwish Noop PixelShuffle DeepCopy Mish StatisticsPooling Swish Gemm GroupNorm LayerNorm "
    "Softplus "
    "GRU MultiHeadAttention GELU Convolution1D Pooling1D ConvolutionDepthWise1D Convolution3D "
    "ConvolutionDepthWise3D Pooling3D MatMul Deconvolution1D DeconvolutionDepthWise1D "
    "Deconvolution3D "
    "DeconvolutionDepthWise3D Einsum DeformableConv2D GLU Fold Unfold GridSample CumulativeSum "
    "CopyTo "
    "Erf Diag CELU Shrink RMSNorm Spectrogram InverseSpectrogram Flip SDPA RotaryEmbed ";

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  if (c.le<std::uint32_t>() == magic && c.ok()) return true;
  return as_text(a.bytes).starts_with("7767517\n") || as_text(a.bytes).starts_with("7767517\r\n");
}

std::vector<std::string_view> words(std::string_view line, std::size_t most) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < line.size() && out.size() < most;) {
    while (i < line.size() && is_space(line[i])) ++i;
    std::size_t from = i;
    while (i < line.size() && !is_space(line[i])) ++i;
    if (i > from) out.push_back(line.substr(from, i - from));
  }
  return out;
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("ncnn");
  std::string_view text = as_text(a.bytes);
  Fact model{"model", {}, {0, std::min<std::size_t>(7, text.size())}, "an ncnn graph"};
  model.set("format", "ncnn").set("name", file_name(a.name)).set("loader", "ncnn");
  if (!text.starts_with("7767517")) {
    sink.partly("the binary form is not read");
    sink.add(std::move(model));
    return;
  }
  std::map<std::string, Fact> operators;
  std::int64_t promised = 0, layers = 0, line_number = 0;
  for (std::size_t at = 0; at < text.size() && sink.next();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    Place place{at, line.size(), static_cast<std::uint32_t>(++line_number), 1, {}};
    at = end + 1;
    std::vector<std::string_view> w = words(line, 4);
    if (line_number == 2 && !w.empty()) promised = to_integer(w[0]).value_or(-1);
    if (line_number <= 2 || w.size() < 4) continue;
    ++layers;
    auto inputs = to_integer(w[2]), outputs = to_integer(w[3]);
    if (!inputs || !outputs || *inputs < 0 || *outputs < 0 ||
        static_cast<std::uint64_t>(*inputs) > line.size() ||
        static_cast<std::uint64_t>(*outputs) > line.size())
      sink.anomaly("overflow", "a layer with more inputs or outputs than its line names", place);
    if (contains(own_types, " " + std::string(w[0].substr(0, 60)) + " ")) continue;
    std::string type(w[0].substr(0, 100));
    auto [entry, is_new] = operators.try_emplace(type);
    if (!is_new) continue;
    entry->second = Fact{"operator", {}, place, printable(type, 80) + " is no layer of ncnn"};
    entry->second.set("name", type).set("domain", "custom").set("framework", "ncnn");
    entry->second.set("where", "graph").set("power", "custom");
  }
  for (auto& [type, f] : operators) sink.add(std::move(f));
  if (layers != promised) {
    sink.anomaly(
        "malformed",
        std::to_string(promised) + " layers are promised, " + std::to_string(layers) + " follow",
        {0, 0, 2, 1, {}});
    sink.partly("a layer count that is wrong");
  }
  sink.add(std::move(model));
}

}  // namespace

extern const Format ncnn;
const Format ncnn{"ncnn",
                  1,
                  "ncnn graphs: layers that are the program's own",
                  "https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure",
                  recognises,
                  parse};

}  // namespace parapet::formats
