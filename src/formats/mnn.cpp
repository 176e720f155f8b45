// MNN models: a FlatBuffer without an identifier whose root Net has operators {type, parameters},
// subgraphs and, in some, GPU programs.
// https://github.com/alibaba/MNN/blob/master/schema/default/MNN.fbs
#include <algorithm>
#include <map>

#include "base/text.h"
#include "formats/flatbuffers/buffer.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

using flatbuffers::Buffer;
using flatbuffers::Table;
using flatbuffers::Vector;

constexpr std::uint32_t plugin = 256, extra = 512;  // OpType: code that the program registers
constexpr std::uint32_t most_types = 4096;

// Nothing marks an MNN file but its structure: a Net with a list of operators and of tensor names.
bool recognises(const Artifact& a) {
  if (a.bytes.size() < 32) return false;
  if (extension(a.name) != "mnn") return false;
  Buffer b(a.bytes);
  Table net = b.root();
  return b.ok() && net.fields >= 4;
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), b_(a.bytes) {}

  void run() {
    sink_.is("mnn");
    Table net = b_.root();
    operators(b_.vector<4>(net, 3), "net");
    Vector graphs = b_.vector<4>(net, 10);
    for (std::uint64_t i = 0; i < graphs.count && b_.ok() && sink_.next(); ++i) {
      Table g = b_.table(graphs, i);
      std::string where(b_.text(g, 0).substr(0, 100));
      operators(b_.vector<4>(g, 4), where.empty() ? "subgraph " + std::to_string(i) : where);
    }
    if (b_.table(net, 2)) {
      Fact f{"operator", {}, at(net.at), "the model brings GPU programs of its own"};
      f.set("name", "GpuLibrary").set("domain", "gpu").set("framework", "mnn");
      f.set("where", "net").set("power", "custom");
      sink_.add(std::move(f));
    }
    for (auto& [key, f] : found_) sink_.add(std::move(f));
    Fact f{"model",
           {},
           {0, std::min<std::uint64_t>(4, a_.bytes.size())},
           "an MNN model of " + std::to_string(count_) + " operators"};
    f.set("format", "mnn").set("name", file_name(a_.name)).set("loader", "mnn");
    sink_.add(std::move(f));
    sink_.finish(b_.cursor());
  }

 private:
  Place at(std::uint64_t offset) const {
    return {std::min<std::uint64_t>(offset, a_.bytes.size()), 0};
  }

  void operators(Vector list, const std::string& where) {
    for (std::uint64_t i = 0; i < list.count && b_.ok() && sink_.next(); ++i) {
      Table op = b_.table(list, i);
      auto type = b_.number<std::uint32_t>(op, 5);
      std::string_view name = b_.text(op, 3);
      if (!b_.ok()) return;
      ++count_;
      if (type > most_types) {
        sink_.anomaly("malformed", "an operator of type " + std::to_string(type), at(op.at));
        return b_.fail("an operator that does not exist");
      }
      if (type != plugin && type != extra) continue;
      Table parameters = b_.table(op, 2);
      std::string kind(b_.text(parameters, 0).substr(0, 200));
      if (kind.empty()) kind = std::string(name.substr(0, 200));
      std::string_view engine = type == extra ? b_.text(parameters, 1) : std::string_view();
      if (!b_.ok()) return;
      auto [place, is_new] = found_.try_emplace(kind + "\n" + where);
      if (!is_new) continue;
      Fact& f = place->second;
      f = Fact{"operator", {}, at(op.at), printable(kind, 80) + " in " + printable(where, 80)};
      f.set("name", kind)
          .set("domain", type == plugin   ? "plugin"
                         : engine.empty() ? "extra"
                                          : engine.substr(0, 80));
      f.set("framework", "mnn").set("where", where).set("power", "custom");
    }
  }

  const Artifact& a_;
  Sink& sink_;
  Buffer b_;
  std::map<std::string, Fact> found_;
  std::uint64_t count_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format mnn;
const Format mnn{"mnn",
                 1,
                 "MNN models: operators that need code of the program",
                 "https://github.com/alibaba/MNN/blob/master/schema/default/MNN.fbs",
                 recognises,
                 parse};

}  // namespace parapet::formats
