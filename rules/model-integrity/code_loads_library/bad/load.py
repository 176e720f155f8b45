import onnxruntime as ort

options = ort.SessionOptions()
options.register_custom_ops_library("models/custom_ops.so")
