// Classes and modules: keras/api/*/__init__.py of Keras 3 and the layers of Keras 2 that it
// dropped; how a name is looked up: keras/src/saving/serialization_lib.py, _retrieve_class_or_fn.
#include "formats/keras/names.h"

#include <vector>

#include "base/text.h"

namespace parapet::keras {
namespace {

using pickle::Judgement;
using pickle::Verdict;

// Is `word` one of the words of `list`, which are separated by blanks and have one around them?
bool in_list(std::string_view list, std::string_view word) {
  if (word.empty() || contains(word, " ")) return false;
  return contains(list, " " + std::string(word) + " ");
}

constexpr std::string_view classes =
    // models and what they are made of
    " Functional Sequential Model Network Layer Wrapper InputLayer InputSpec InputTower Input "
    "KerasTensor DTypePolicy DTypePolicyMap FloatDTypePolicy Policy QuantizedDTypePolicy "
    "QuantizedFloat8DTypePolicy GPTQDTypePolicy AbsMaxQuantizer AutoCastVariable __tuple__ "
    "TensorShape TypeSpec CompileLossesContainer CompileMetrics MetricsList "
    // layers
    "Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention AutoContrast "
    "Average AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D "
    "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
    "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AugMix "
    "BatchNormalization BatchNormalizationV1 BatchNormalizationV2 SyncBatchNormalization "
    "Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D "
    "Conv2DTranspose Conv3D Conv3DTranspose Convolution1D Convolution1DTranspose Convolution2D "
    "Convolution2DTranspose Convolution3D Convolution3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D "
    "ConvLSTM2DCell Cropping1D Cropping2D Cropping3D CuDNNGRU CuDNNLSTM CutMix Dense DenseFeatures "
    "DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout EinsumDense ELU Embedding "
    "Equalization Flatten GaussianDropout GaussianNoise GlobalAveragePooling1D "
    "GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D "
    "GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D "
    "GlobalMaxPooling3D GroupNormalization GroupQueryAttention GroupedQueryAttention GRU GRUV2 "
    "GRUCell GRUCellV2 HashedCrossing Hashing Identity IntegerLookup LayerNormalization LeakyReLU "
    "LocallyConnected1D LocallyConnected2D LSTM LSTMV2 LSTMCell LSTMCellV2 Masking "
    "MaxNumBoundingBoxes "
    "Maximum MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D MelSpectrogram "
    "Minimum MixUp MultiHeadAttention Multiply Normalization Permute Pipeline PReLU RandAugment "
    "RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop "
    "RandomElasticTransform RandomErasing RandomFlip RandomFourierFeatures RandomGaussianBlur "
    "RandomGrayscale RandomHeight RandomHue RandomInvert RandomPerspective RandomPosterization "
    "RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation RandomWidth "
    "RandomZoom RMSNormalization ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding "
    "RNN SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D SimpleRNN "
    "SimpleRNNCell Softmax Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D "
    "SpectralNormalization StackedRNNCells STFTSpectrogram StringLookup Subtract TextVectorization "
    "ThresholdedReLU TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D "
    "ZeroPadding1D ZeroPadding2D ZeroPadding3D TensorFlowOpLayer TFOpLambda SlicingOpLambda "
    "ClassMethod InstanceMethod InstanceProperty FeatureSpace Feature Cross "
    // initializers, regularizers, constraints
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform IdentityInitializer LecunNormal "
    "LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT "
    "STFTInitializer "
    "TruncatedNormal VarianceScaling Zeros L1 L2 L1L2 OrthogonalRegularizer MaxNorm MinMaxNorm "
    "NonNeg "
    "RadialConstraint UnitNorm "
    // optimizers and schedules
    "Adadelta Adafactor Adagrad Adam Adamax AdamW Ftrl Lamb Lion LossScaleOptimizer "
    "LossScaleOptimizerV3 Muon Nadam RMSprop SGD CosineDecay CosineDecayRestarts ExponentialDecay "
    "InverseTimeDecay PiecewiseConstantDecay PolynomialDecay Loss Optimizer "
    // losses and metrics
    "BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy "
    "CategoricalFocalCrossentropy "
    "CategoricalGeneralizedCrossEntropy CategoricalHinge Circle CosineSimilarity CTC Dice Hinge "
    "Huber "
    "KLDivergence LogCosh LossFunctionWrapper MeanAbsoluteError MeanAbsolutePercentageError "
    "MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy "
    "SquaredHinge "
    "Tversky Accuracy AUC BinaryAccuracy BinaryIoU CategoricalAccuracy ConcordanceCorrelation "
    "F1Score "
    "FalseNegatives FalsePositives FBetaScore IoU LogCoshError Mean MeanIoU MeanMetricWrapper "
    "MeanRelativeError MeanTensor Metric OneHotIoU OneHotMeanIoU PearsonCorrelation Precision "
    "PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError "
    "SensitivityAtSpecificity "
    "SparseCategoricalAccuracy SparseTopKCategoricalAccuracy SpecificityAtSensitivity Sum "
    "TopKCategoricalAccuracy TrueNegatives TruePositives LinearModel WideDeepModel Tokenizer ";

// Parts of Keras that hold functions of numbers only.
constexpr std::string_view computing =
    " activations losses metrics initializers regularizers constraints ops nn numpy linalg image "
    "math "
    "random backend layers optimizers schedules legacy dtype_policies quantizers core merging "
    "merge preprocessing activation nn_ops experimental ";

Judgement judged(Verdict verdict, std::string_view why) {
  Judgement j;
  j.verdict = verdict;
  j.why = why;
  return j;
}

struct Row {
  std::string_view names, why;
};
// Functions of Keras by what a load that calls them does.
constexpr Row doing[] = {
    {" enable_unsafe_deserialization ",
     "switches off Keras's protection for all that is loaded after"},
    {" get_file extract_archive _extract_archive extract_open_archive ",
     "downloads a file and unpacks it"},
    {" load_model load_weights load_weights_only load_own_variables model_from_json "
     "model_from_yaml "
     "model_from_config from_config from_json clone_model load_img image_dataset_from_directory "
     "text_dataset_from_directory audio_dataset_from_directory timeseries_dataset_from_array "
     "clone_and_build_model read_file open_file File ",
     "reads another file"},
    {" save_model save_weights save_img plot_model model_to_dot export_model export_saved_model "
     "copy rmtree makedirs remove write_file ",
     "writes files"},
    {" load_data ", "downloads a data set"},
    {" func_load lambda_load ", "makes a function out of code in the file"},
    {" deserialize deserialize_keras_object get_custom_objects get_registered_object "
     "register_keras_serializable custom_object_scope get import_module LazyModule ",
     "builds any other object of the configuration"},
};

// Operators of TensorFlow that leave the graph.
constexpr Row operators[] = {
    {" read_file ReadFile matching_files MatchingFiles match_filenames_once parse_tensor_file ",
     "reads files"},
    {" write_file WriteFile save Save SaveV2 SaveSlices write_graph print Print PrintV2 ",
     "writes files"},
    {" restore Restore RestoreV2 RestoreSlice load_variable load_checkpoint load ",
     "loads other files"},
    {" py_function py_func numpy_function eager_py_func eager_py_function PyFunc PyFuncStateless "
     "EagerPyFunc ",
     "runs Python code"},
    {" load_op_library load_library load_file_system_library load_pluggable_device_library ",
     "loads native code"},
};

}  // namespace

bool is_keras_module(std::string_view module) {
  auto below = [&](std::string_view root) {
    return module == root ||
           (module.size() > root.size() && module.starts_with(root) && module[root.size()] == '.');
  };
  return below("keras") || below("tf_keras") || below("keras_core") || below("keras_hub") ||
         below("keras_nlp") || below("keras_cv") || below("tensorflow.keras") ||
         below("tensorflow.python.keras") || below("tensorflow.compat.v2.keras") ||
         below("tensorflow.python.training");
}

bool is_builtin_class(std::string_view name) { return in_list(classes, name); }

std::string_view own_name(std::string_view class_name) {
  auto at = class_name.find_last_of(".>");
  return at == std::string_view::npos ? class_name : class_name.substr(at + 1);
}

std::string_view package_of(std::string_view registered_name) {
  auto at = registered_name.find('>');
  return at == std::string_view::npos ? std::string_view() : registered_name.substr(0, at);
}

Judgement judge_function(std::string_view module, std::string_view name) {
  // tf.nn.relu and its like, saved as the activation of a layer.
  if (module.starts_with("tensorflow.python.ops.") || module == "tensorflow.nn" ||
      module == "tensorflow.math")
    return judge_operator(name);
  if (module == "jax.nn" || module == "jax.numpy" || module == "jax._src.nn.functions")
    return judged(Verdict::safe, "a function of JAX that computes");
  if (module != "builtins" && !is_keras_module(module)) return pickle::judge(module, name);
  if (module == "builtins") {
    // Keras looks in its own functions first, and none of them has the name of a dangerous builtin.
    Judgement j = pickle::judge(module, name);
    if (j.verdict == Verdict::dangerous) return j;
    return judged(Verdict::safe,
                  "a function of Keras, or registered by the program that loads the file");
  }
  std::string_view own = own_name(name);
  for (const Row& row : doing)
    if (in_list(row.names, own)) return judged(Verdict::dangerous, row.why);
  std::string dotted = std::string(module) + "." + std::string(name);
  std::vector<std::string_view> parts = split(dotted, '.');
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    if (in_list(computing, parts[i]))
      return judged(Verdict::safe, "a function of Keras that computes");
    if (parts[i] == "datasets" || parts[i] == "applications")
      return judged(Verdict::dangerous, "downloads data or weights");
  }
  return judged(Verdict::unknown, "a function of Keras that no configuration needs");
}

Judgement judge_operator(std::string_view name) {
  for (const Row& row : operators)
    if (in_list(row.names, own_name(name))) return judged(Verdict::dangerous, row.why);
  return judged(Verdict::safe, "an operator that computes");
}

}  // namespace parapet::keras
