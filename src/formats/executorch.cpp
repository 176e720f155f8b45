// ExecuTorch programs (.pte): a FlatBuffer "ET12" whose root Program has execution plans {values,
// operators, delegates}, inline data and segments; an extended header "eh00" {u32 length, u64
// program size, u64 where the segments start} may stand at byte 8. And the flat form of PyTorch
// Mobile
// (.ptl): a FlatBuffer "PTMF" whose root Module has functions, TorchScript sources and files.
// https://github.com/pytorch/executorch/blob/main/schema/program.fbs
// https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/serialization/mobile_bytecode.fbs
#include <algorithm>
#include <map>

#include "base/program_kind.h"
#include "base/text.h"
#include "formats/flatbuffers/buffer.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

using flatbuffers::Buffer;
using flatbuffers::Table;
using flatbuffers::Vector;

constexpr std::uint8_t tensor_value = 4;     // KernelTypes.Tensor
constexpr std::uint8_t function_value = 16;  // IValueUnion.Function

// Operators that PyTorch and ExecuTorch bring themselves.
constexpr std::string_view own_namespaces[] = {
    "aten",  "prim",          "prims",   "executorch_prim", "quantized",   "quantized_decomposed",
    "et",    "dim_order_ops", "_caffe2", "prepacked",       "torchvision", "torchao",
    "llama", "higher_order"};
// Backends in ExecuTorch's own repository.
constexpr std::string_view own_backends[] = {
    "XnnpackBackend",  "CoreMLBackend",     "MPSBackend",
    "QnnBackend",      "VulkanBackend",     "EthosUBackend",
    "ArmBackend",      "NeuropilotBackend", "EnnBackend",
    "CudaBackend",     "MetalBackend",      "AotiBackend",
    "OpenvinoBackend", "CadenceBackend",    "TOSABackend",
    "VgfBackend",      "NeutronBackend",    "BackendWithCompilerDemo",
    "SamsungBackend"};

std::string_view power_of(std::string_view name) {
  if (name == "aten::save" || name == "aten::to_file") return "writes-files";
  if (name == "aten::from_file" || name == "aten::from_file.out") return "reads-files";
  auto space = split_once(name, "::");
  if (!space.found || std::find(std::begin(own_namespaces), std::end(own_namespaces),
                                space.before) != std::end(own_namespaces))
    return {};
  return "custom";
}

bool recognises(const Artifact& a) {
  std::string_view id = flatbuffers::identifier(a.bytes);
  return id == "PTMF" ||
         (id.starts_with("ET") && id.size() == 4 && is_digit(id[2]) && is_digit(id[3]));
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), b_(a.bytes) {}

  void run() {
    sink_.is("executorch");
    bool mobile = flatbuffers::identifier(a_.bytes) == "PTMF";
    if (mobile)
      module(b_.root());
    else
      program(b_.root());
    for (auto& [key, f] : operators_) sink_.add(std::move(f));
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(8, a_.bytes.size())},
           mobile ? "a PyTorch Mobile model" : "an ExecuTorch program"};
    f.set("format", mobile ? "pytorch-mobile" : "executorch").set("name", file_name(a_.name));
    f.set("loader", mobile ? "torch.jit" : "executorch");
    sink_.add(std::move(f));
    sink_.finish(b_.cursor());
  }

 private:
  Place at(std::uint64_t offset) const {
    return {std::min<std::uint64_t>(offset, a_.bytes.size()), 0};
  }

  void wrong(std::string_view name, std::string says, std::uint64_t offset) {
    if (++said_ <= 20) sink_.anomaly(name, std::move(says), at(offset));
  }

  void used(std::string_view name, std::string_view domain, std::string_view power,
            std::string_view where, std::uint64_t offset) {
    if (power.empty() || !b_.ok()) return;
    auto [place, is_new] = operators_.try_emplace(std::string(name) + "\n" + std::string(where));
    if (!is_new) return;
    place->second =
        Fact{"operator", {}, at(offset), printable(name, 80) + " in " + printable(where, 80)};
    place->second.set("name", name.substr(0, 200)).set("domain", domain.substr(0, 80));
    place->second.set("framework", "executorch").set("where", where.substr(0, 100));
    place->second.set("power", power);
  }

  void program(const Table& t) {
    Cursor header(a_.bytes);
    header.skip(8);
    std::uint64_t base = 0;
    if (as_text(header.peek(4)) == "eh00") {
      header.skip(8);
      auto size = header.le<std::uint64_t>();
      base = header.le<std::uint64_t>();
      if (!header.ok() || size > a_.bytes.size() || base > a_.bytes.size())
        wrong("overflow", "the header's sizes are larger than the file", 8);
    }
    Vector segments = b_.vector<4>(t, 4);
    for (std::uint64_t i = 0; i < segments.count && b_.ok() && sink_.next(); ++i)
      segment(b_.table(segments, i), base, i);
    Vector plans = b_.vector<4>(t, 1);
    for (std::uint64_t i = 0; i < plans.count && b_.ok() && sink_.next(); ++i)
      plan(b_.table(plans, i));
    Vector constants = b_.vector<4>(t, 2);
    for (std::uint64_t i = 0; i < constants.count && b_.ok() && sink_.next(); ++i)
      check(b_.bytes(b_.table(constants, i), 0), "constant " + std::to_string(i));
    Vector delegates = b_.vector<4>(t, 3);
    for (std::uint64_t i = 0; i < delegates.count && b_.ok() && sink_.next(); ++i) {
      Bytes data = b_.bytes(b_.table(delegates, i), 0);
      if (b_.ok() && !data.empty()) sink_.child(a_, "delegate" + std::to_string(i), data, a_.owner);
    }
  }

  void segment(const Table& t, std::uint64_t base, std::uint64_t index) {
    auto offset = b_.number<std::uint64_t>(t, 0), size = b_.number<std::uint64_t>(t, 1);
    if (!b_.ok()) return;
    Cursor c(a_.bytes);
    c.seek(base);
    c.skip(offset);
    std::uint64_t from = c.offset();
    Bytes data = c.take(size);
    if (!c.ok())
      wrong("overflow", "segment " + std::to_string(index) + " lies behind the end of the file",
            t.at);
    else if (!data.empty())
      sink_.child(a_, "segment" + std::to_string(index) + "@" + std::to_string(from), data,
                  a_.owner);
  }

  void check(Bytes data, const std::string& who) {
    std::string_view program = program_kind(data);
    if (!program.empty())
      sink_.anomaly("executable", who + " begins with a program: " + std::string(program),
                    {b_.cursor().offset() - data.size(), std::min<std::uint64_t>(data.size(), 4)});
  }

  void plan(const Table& t) {
    std::string where(b_.text(t, 0));
    Vector operators = b_.vector<4>(t, 6);
    for (std::uint64_t i = 0; i < operators.count && b_.ok() && sink_.next(); ++i) {
      Table op = b_.table(operators, i);
      std::string_view name = b_.text(op, 0);
      used(name, split_once(name, "::").before, power_of(name), where, op.at);
    }
    Vector delegates = b_.vector<4>(t, 7);
    for (std::uint64_t i = 0; i < delegates.count && b_.ok() && sink_.next(); ++i) {
      Table d = b_.table(delegates, i);
      std::string_view id = b_.text(d, 0);
      bool own =
          std::find(std::begin(own_backends), std::end(own_backends), id) != std::end(own_backends);
      used(id, "delegate", own ? "" : "custom", where, d.at);
    }
    Vector values = b_.vector<4>(t, 2);
    for (std::uint64_t i = 0; i < values.count && b_.ok() && sink_.next(); ++i) {
      Table v = b_.table(values, i);
      if (b_.number<std::uint8_t>(v, 0) != tensor_value) continue;
      Table extra = b_.table(b_.table(v, 1), 9);
      if (!extra || b_.number<std::uint8_t>(extra, 2) != 1 || ++external_ > 2000) continue;
      std::string_view name = b_.text(extra, 1);
      Fact f{"reference", {}, at(extra.at), "weights from outside: " + printable(name, 80)};
      f.set("what", "external-data").set("target", name.substr(0, 200)).set("format", "executorch");
      sink_.add(std::move(f));
    }
  }

  void module(const Table& t) {
    auto version = b_.number<std::uint32_t>(t, 0);
    if (b_.ok() && (version < 9 || version > 32))
      sink_.partly("bytecode version " + std::to_string(version));
    for (unsigned field : {1U, 8U}) {
      Vector files = b_.vector<4>(t, field);
      for (std::uint64_t i = 0; i < files.count && b_.ok() && sink_.next(); ++i) {
        Table f = b_.table(files, i);
        std::string name(b_.text(f, 0).substr(0, 200));
        std::string_view content = b_.text(f, 1);
        if (b_.ok() && !content.empty())
          sink_.child(a_, (field == 8 ? "" : "extra/") + name, as_bytes(content), a_.owner);
      }
    }
    Vector values = b_.vector<4>(t, 4);
    for (std::uint64_t i = 0; i < values.count && b_.ok() && sink_.next(); ++i) {
      Table v = b_.table(values, i);
      if (b_.number<std::uint8_t>(v, 0) != function_value) continue;
      Table function = b_.table(v, 1);
      std::string where(b_.text(function, 0));
      Vector operators = b_.vector<4>(function, 2);
      for (std::uint64_t k = 0; k < operators.count && b_.ok() && sink_.next(); ++k) {
        Table op = b_.table(operators, k);
        std::string_view name = b_.text(op, 0);
        used(name, split_once(name, "::").before, power_of(name), where, op.at);
      }
    }
    Vector storages = b_.vector<4>(t, 6);
    for (std::uint64_t i = 0; i < storages.count && b_.ok() && sink_.next(); ++i)
      check(b_.bytes(b_.table(storages, i), 0), "storage " + std::to_string(i));
  }

  const Artifact& a_;
  Sink& sink_;
  Buffer b_;
  std::map<std::string, Fact> operators_;
  unsigned said_ = 0, external_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format executorch;
const Format executorch{
    "executorch",
    1,
    "ExecuTorch programs and flat PyTorch Mobile models: operators, delegates, code",
    "https://github.com/pytorch/executorch/blob/main/schema/program.fbs",
    recognises,
    parse};

}  // namespace parapet::formats
