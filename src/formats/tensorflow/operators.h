#pragma once
// TensorFlow's operators that reach out of the graph. "TensorFlow models are programs":
// https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md
#include <string_view>

namespace parapet::tensorflow {

struct Power {
  std::string_view op;
  std::string_view power;  // executes-code, reads-files, writes-files, network, custom
  // Every SavedModel saves and restores itself and reads its own vocabularies: such an operator has
  // its power only where it is given a path of its own.
  bool only_with_path = false;
  int input = -1;                   // the input that names the file, or
  std::string_view attribute = {};  // the attribute that does
};

// Null for what only computes.
const Power* power_of(std::string_view op);

}  // namespace parapet::tensorflow
