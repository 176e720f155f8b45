#pragma once
// Bytes and texts in an HDF5 file that are files of their own: pickles (PyTables stores objects
// so), archives, programs, and JSON such as Keras's model_config.
#include <map>
#include <memory>
#include <string>

#include "formats/hdf5/dataset.h"

namespace parapet::hdf5 {

class Contents {
 public:
  explicit Contents(File& file) : file_(file) {}

  // What a stretch of bytes may be taken for. Numbers are not asked for marks of two bytes, which
  // they have by chance; a text is a file only where its reader takes it for one.
  enum class As : std::uint8_t { numbers, bytes, text, config };
  // Hands `bytes` to the sink where they are a file; `name` is the child's.
  void look(Cursor bytes, const std::string& name, As as);
  // The elements of a dataset of plain bytes, unpacked where they are chunks.
  void look_into(const Dataset& dataset, const std::string& path);
  // Last: pickles in bytes that no dataset or attribute was found to hold.
  void search_the_rest();

 private:
  enum class Is : std::uint8_t { data, file, program };
  Is judge(Bytes bytes, As as);
  void report(Bytes bytes, const std::string& name, std::uint64_t offset,
              const std::shared_ptr<const void>& owner, As as);
  void chunks(const Dataset& dataset, const std::string& path);

  File& file_;
  std::map<std::uint64_t, std::uint64_t> known_;  // handed out: offset and length
};

}  // namespace parapet::hdf5
