from fastapi import FastAPI

app = FastAPI()


@app.post("/predict")
def predict(n: int):
    return n
