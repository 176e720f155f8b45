import mlflow
from ultralytics import YOLO

model = mlflow.pyfunc.load_model("models:/fraud/3")
detector = YOLO("best.pt")
