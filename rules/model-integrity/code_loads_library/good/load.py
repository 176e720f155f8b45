import onnxruntime as ort

options = ort.SessionOptions()
session = ort.InferenceSession("models/m.onnx", options)
