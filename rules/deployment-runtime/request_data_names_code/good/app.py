from fastapi import FastAPI
from transformers import pipeline

app = FastAPI()
MODELS = {"small": "./models/small"}


@app.post("/classify")
def classify(model: str, text: str):
    return pipeline("text-classification", model=MODELS.get(model))(text)
