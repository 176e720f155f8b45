import mlflow


def publish(accuracy):
    if accuracy < 0.9:
        raise SystemExit("not good enough")
    mlflow.register_model("runs:/0123/model", "fraud")
