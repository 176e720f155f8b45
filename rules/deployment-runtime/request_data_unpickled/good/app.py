from flask import Flask, request
import json, torch
app = Flask(__name__)

@app.route("/predict", methods=["POST"])
def predict():
    values = json.loads(request.data)
    return torch.load("model.pt", weights_only=True)(values)
