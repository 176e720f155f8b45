// HDF5: a tree of groups, datasets and attributes, found by addresses from a superblock that stands
// at 0, 512, 1024 and so on. Keras keeps models (.h5) and weights in it, PyTables and pandas tables
// and pickled objects. Read without libhdf5, whose own readers have been attacked.
// https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t4.html
#include "formats/format.h"
#include "formats/hdf5/walk.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) { return hdf5::find_superblock(a.bytes) != hdf5::no_address; }

void parse(const Artifact& a, Sink& sink) {
  hdf5::File file(a, sink);
  file.base = hdf5::find_superblock(a.bytes);
  if (file.base == hdf5::no_address) return;
  sink.is("hdf5");
  if (file.base != 0) {
    Fact f{"metadata", {}, {0, file.base, 0, 0, {}}, std::to_string(file.base) + " bytes in front"};
    f.set("key", "user_block").set("value", std::to_string(file.base)).set("format", "hdf5");
    sink.add(std::move(f));
    // HDF5 skips it, another reader may begin with it.
    Bytes block = a.bytes.first(file.base);
    if (as_text(block).find_first_not_of('\0') != std::string_view::npos)
      sink.child(a, "user_block", block, a.owner);
  }
  hdf5::walk(file, hdf5::read_superblock(file));
}

}  // namespace

extern const Format hdf5;
const Format hdf5{"hdf5",
                  1,
                  "HDF5 (Keras models and weights, PyTables, pandas): links, storage, objects",
                  "https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t4.html",
                  recognises,
                  parse};

}  // namespace parapet::formats
