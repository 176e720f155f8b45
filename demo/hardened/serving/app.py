"""Scoring and explanation service."""
import os

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field
from safetensors.torch import load_file

app = FastAPI(docs_url=None, redoc_url=None)
auth = HTTPBearer()
MODEL = load_file("/models/fraud_gru.safetensors")
ANSWERS = {"amount": "The amount is unusual for this card.", "place": "The place is unusual for this card."}


class Events(BaseModel):
    values: list[float] = Field(min_length=1, max_length=2048)


@app.post("/score")
def score(events: Events, token=Depends(auth)):
    return {"decision": "review" if sum(events.values) > len(MODEL) else "pass"}


@app.post("/explain")
def explain(reason: str, token=Depends(auth)):
    if reason not in ANSWERS:
        raise HTTPException(404)
    return {"text": ANSWERS[reason]}


def tracking_token():
    return os.environ["MLFLOW_TRACKING_TOKEN"]
