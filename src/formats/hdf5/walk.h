#pragma once
// From the root group through every link: what an HDF5 file holds, as facts.
#include "formats/hdf5/file.h"

namespace parapet::hdf5 {

// `root` is the address of the root group's object header; no_address where it is not known, so
// that the bytes are only searched.
void walk(File& file, std::uint64_t root);

}  // namespace parapet::hdf5
