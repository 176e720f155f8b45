from flask import Flask, request
import pickle
app = Flask(__name__)

@app.route("/predict", methods=["POST"])
def predict():
    return str(pickle.loads(request.data))
