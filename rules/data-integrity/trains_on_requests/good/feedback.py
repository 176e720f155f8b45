from sklearn.linear_model import SGDClassifier

live = SGDClassifier()
queue = []


def on_feedback(request):
    queue.append(request.get_json())


def train(rows, labels):
    live.partial_fit(rows, labels, classes=[0, 1])
