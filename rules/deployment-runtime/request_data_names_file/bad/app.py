import os

from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/models")
async def upload(file: UploadFile):
    path = os.path.join("/models", file.filename)
    with open(path, "wb") as out:
        out.write(await file.read())
