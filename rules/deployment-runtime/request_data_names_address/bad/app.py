import requests
from flask import Flask, request

app = Flask(__name__)


@app.route("/predict", methods=["POST"])
def predict():
    body = request.get_json()
    image = requests.get(body["image_url"]).content
    return str(len(image))
