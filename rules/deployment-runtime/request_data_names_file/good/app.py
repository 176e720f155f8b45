import os
from pathlib import Path

from fastapi import FastAPI, HTTPException, UploadFile
from werkzeug.utils import secure_filename

app = FastAPI()
BASE = Path("/models")
NAMES = {"a", "b"}


@app.post("/models")
async def upload(file: UploadFile):
    path = os.path.join("/models", secure_filename(file.filename))
    with open(path, "wb") as out:
        out.write(await file.read())


@app.get("/models/{name}")
def download(name: str):
    if name not in NAMES:
        raise HTTPException(404)
    with open(f"/models/{name}") as f:
        return f.read()


@app.get("/cards/{card}")
def read_card(card: str):
    path = (BASE / card).resolve()
    if not path.is_relative_to(BASE):
        raise HTTPException(404)
    return open(path).read()
