from sklearn.linear_model import SGDClassifier

live = SGDClassifier()


def on_feedback(request):
    body = request.get_json()
    live.partial_fit([body["features"]], [body["label"]], classes=[0, 1])
