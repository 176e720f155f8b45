#pragma once
// What the parts of an ONNX model (model, graphs, functions, tensors) share while one is read.
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "formats/protobuf/operators.h"
#include "formats/protobuf/wire.h"

namespace parapet::onnx {

struct Reading {
  Reading(const Artifact& a, Sink& s) : walk(a, s, "ONNX") {}

  protobuf::Walk walk;
  protobuf::Operators operators{"onnx"};

  // Operators outside ONNX's own domains: custom, unless the model defines a function of that name.
  struct Foreign {
    protobuf::Operator op;
    Place first;
    std::uint64_t count = 0;
  };
  std::map<std::tuple<std::string, std::string, std::string>, Foreign> foreign;
  std::set<std::pair<std::string, std::string>> functions;  // domain, name

  struct External {
    std::string tensor;
    Place first;
    std::uint64_t count = 0;
  };
  std::map<std::string, External> external;  // by location

  std::uint64_t tensors = 0, absurd = 0;
};

// A graph, of the model or in a node's attribute. `where` names it in facts.
void read_graph(Reading&, const protobuf::Field&, const std::string& where);
void read_function(Reading&, const protobuf::Field&);
void read_tensor(Reading&, const protobuf::Field&);
void read_sparse_tensor(Reading&, const protobuf::Field&);
// A StringStringEntryProto: {1: key, 2: value}.
std::pair<std::string_view, std::string_view> read_entry(protobuf::Walk&, const protobuf::Field&);

}  // namespace parapet::onnx
