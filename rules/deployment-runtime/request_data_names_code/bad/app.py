import importlib

from fastapi import FastAPI
from transformers import pipeline

app = FastAPI()


@app.post("/run")
def run(step: str):
    return importlib.import_module("steps." + step).main()


@app.post("/classify")
def classify(model: str, text: str):
    return pipeline("text-classification", model=model)(text)
