#pragma once
// Pickle streams as facts. Shared by the formats that hold pickles.
#include <string_view>

#include "formats/pickle/machine.h"
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::pickle {

struct Context {
  std::string_view file_type = "pickle";  // pickle, joblib, pytorch, numpy
  bool storages = false;                  // PyTorch's texts and storages are wanted
};

// Reads one stream at `offset` and puts its facts. `position`: first, later, embedded.
Reading read_stream(const Artifact&, Sink&, std::uint64_t offset, std::string_view position,
                    const Context&);

// Everything from `offset` on: streams one after another, then whatever is hidden behind them.
void read_all(const Artifact&, Sink&, std::uint64_t offset, const Context&);

// Only what is hidden in [from, end).
void read_hidden(const Artifact&, Sink&, std::uint64_t from, const Context&);

}  // namespace parapet::pickle
