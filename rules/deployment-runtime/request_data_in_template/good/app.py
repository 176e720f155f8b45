from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.route("/")
def index():
    return render_template_string("<h1>{{ title }}</h1>", title=request.args.get("title", ""))
