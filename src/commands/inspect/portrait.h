#pragma once
// What is in a model, gathered from the facts of every artifact inside it: the content of
// `parapet inspect`.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_planes.h"
#include "model/artifact.h"
#include "model/scan.h"
#include "model/sink.h"

namespace parapet::inspect {

// A kind of fact as a table: what its rows are called and which attributes are its columns.
struct Section {
  std::string_view kind, title;
  std::vector<std::string_view> columns;
};
const std::vector<Section>& sections();  // in the order of a report

// A fact, or several that look alike.
struct Row {
  std::vector<std::string> cells;  // as many as the section has columns
  std::string says;
  std::string artifact;  // where the first one stands
  Place place;
  std::uint64_t count = 1;
};

struct Tensors {
  struct Type {
    std::uint64_t tensors = 0, elements = 0, bytes = 0;
  };
  std::map<std::string, Type> types;  // by dtype
  std::uint64_t count = 0, elements = 0, bytes = 0;
};

struct Instruction {
  std::uint64_t offset;
  std::string name, argument, view;  // view: what the interpreter says of it
};
struct Disassembly {
  std::string artifact;
  std::vector<Instruction> lines;
  std::string broke_off;  // why it ends without STOP; empty otherwise
  bool cut = false;       // longer than is kept
};

struct Weights {
  std::string what;  // the dtype, or "storage" where the file does not say it beside the bytes
  std::uint64_t tensors = 0;
  BytePlanes planes;
};

struct Portrait {
  std::map<std::string_view, std::vector<Row>> rows;  // by kind of fact
  Tensors tensors;
  std::vector<Disassembly> pickles;
  std::map<std::string, Weights> weights;  // by `what`
  Scan scan;                               // artifacts, findings, notes
};

struct Wanted {
  bool disassembly = false, weights = false;
};

// Adds what was seen in one artifact. Called for children before their parent.
void gather(Portrait&, const Artifact&, const Sink&, const Wanted&);

std::string as_text(const Portrait&, bool whole);  // whole: no table is cut
std::string as_json(const Portrait&);

}  // namespace parapet::inspect
