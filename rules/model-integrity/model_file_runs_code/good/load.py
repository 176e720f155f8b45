import mlflow
import xgboost

model = mlflow.onnx.load_model("models:/fraud/3")
booster = xgboost.Booster()
booster.load_model("model.ubj")
