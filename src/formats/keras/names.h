#pragma once
// Which names in a configuration Keras resolves to its own objects, and what its own functions do.
#include <string>
#include <string_view>

#include "formats/pickle/policy.h"

namespace parapet::keras {

// keras, tf_keras, keras_hub and the other packages of the project, and TensorFlow's copies of it.
bool is_keras_module(std::string_view module);
// A class of Keras that old files name without a module: layers, losses, optimizers, metrics …
bool is_builtin_class(std::string_view name);

// A function that loading a configuration looks up. Of Keras: safe where it only computes.
pickle::Judgement judge_function(std::string_view module, std::string_view name);

// An operator of TensorFlow that a TFOpLambda layer names: "math.add", "io.write_file".
pickle::Judgement judge_operator(std::string_view name);

// "keras.layers.Lambda", "Custom>Lambda" and "keras>layers>Lambda" end in the class's own name.
std::string_view own_name(std::string_view class_name);
// "Custom" of "Custom>Lambda"; empty when there is none.
std::string_view package_of(std::string_view registered_name);

}  // namespace parapet::keras
