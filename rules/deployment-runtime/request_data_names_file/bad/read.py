from flask import Flask, request, send_file

app = Flask(__name__)


@app.route("/logs")
def logs():
    return send_file("/var/log/train/" + request.args["run"])
