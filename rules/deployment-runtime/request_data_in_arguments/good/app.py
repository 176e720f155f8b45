import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.route("/thumb")
def thumb():
    size = int(request.args["size"])
    return subprocess.check_output(["convert", "in.png", "-resize", f"{size}x{size}", "png:-"])
