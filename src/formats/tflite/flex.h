#pragma once
// TensorFlow operators inside a TFLite model ("Flex"): the Select TF runtime runs the NodeDef in
// the operator's options, whatever the operator's own name says.
// https://ai.google.dev/edge/litert/models/ops_select
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace parapet::tflite {

// What a TensorFlow operator can do to the machine that runs the graph: executes-code, reads-files,
// writes-files, network; empty when it only computes.
std::string_view power_of(std::string_view tensorflow_operator);

// The operator's name out of its options: a FlexBuffer [name, NodeDef]. Empty when it cannot be
// read.
std::string node_operator(Bytes options);

}  // namespace parapet::tflite
