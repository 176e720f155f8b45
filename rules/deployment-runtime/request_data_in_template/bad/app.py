from flask import Flask, render_template_string, request

app = Flask(__name__)


def page(title):
    return render_template_string("<h1>" + title + "</h1>")


@app.route("/")
def index():
    return page(request.args.get("title", ""))
