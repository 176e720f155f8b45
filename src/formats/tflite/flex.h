#pragma once
// TensorFlow operators inside a TFLite model ("Flex"): the Select TF runtime runs the NodeDef in
// the operator's options, whatever the operator's own name says.
// https://ai.google.dev/edge/litert/models/ops_select
#include <string>

#include "base/bytes.h"

namespace parapet::tflite {

// The operator's name out of its options: a FlexBuffer [name, NodeDef]. Empty when it cannot be
// read.
std::string node_operator(Bytes options);

}  // namespace parapet::tflite
