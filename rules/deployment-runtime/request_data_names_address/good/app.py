import requests
from flask import Flask, abort, request

app = Flask(__name__)
SOURCES = {"a": "https://data.example.invalid/a"}


@app.route("/predict", methods=["POST"])
def predict():
    body = request.get_json()
    image = requests.get(SOURCES[body["source"]], params={"q": body["q"]}).content
    return str(len(image))
