#pragma once
// Bytes and texts in an HDF5 file that are files of their own: pickles (PyTables stores objects
// so), archives, programs, and JSON such as Keras's model_config.
#include <memory>
#include <string>
#include <unordered_set>

#include "formats/hdf5/dataset.h"

namespace parapet::hdf5 {

class Contents {
 public:
  explicit Contents(File& file) : file_(file) {}

  // Hands `bytes` to the sink where they are a file; `name` is the child's.
  void look(Cursor bytes, const std::string& name, bool json = true);
  // The elements of a dataset of plain bytes, unpacked where they are chunks.
  void look_into(const Dataset& dataset, const std::string& path);

 private:
  enum class Is : std::uint8_t { data, file, program };
  Is judge(Bytes bytes, bool json);
  void report(Bytes bytes, const std::string& name, std::uint64_t offset,
              const std::shared_ptr<const void>& owner, bool json);
  void chunks(const Dataset& dataset, const std::string& path);

  File& file_;
  std::unordered_set<std::uint64_t> seen_;  // offsets handed out
};

}  // namespace parapet::hdf5
