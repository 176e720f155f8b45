import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.route("/thumb")
def thumb():
    return subprocess.check_output(["convert", request.args["name"], "-resize", "64x64", "png:-"])
