#pragma once
// A Keras configuration: objects {"class_name", "config", "module", "registered_name"} in objects.
// One walk for config.json of a .keras archive, model_config and training_config of an HDF5 file,
// and the text of to_json(). What Keras would resolve, build or call while loading becomes facts.
// How objects are looked up: keras/src/saving/serialization_lib.py.
#include "model/artifact.h"
#include "model/document.h"
#include "model/sink.h"

namespace parapet::keras {

void read_config(const Artifact& artifact, Sink& sink, const Node& root);

// Text that could not be read as a tree to its end: what stands in it, without its structure.
void read_unstructured(std::string_view text, std::uint64_t offset, Sink& sink);

}  // namespace parapet::keras
