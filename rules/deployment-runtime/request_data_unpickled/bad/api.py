import torch
from fastapi import FastAPI, UploadFile
app = FastAPI()

@app.post("/models")
async def add(file: UploadFile):
    return torch.load(file.file)
