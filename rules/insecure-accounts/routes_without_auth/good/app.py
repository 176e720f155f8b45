from fastapi import Depends, FastAPI

from .login import user

app = FastAPI()


@app.post("/predict")
def predict(n: int, who=Depends(user)):
    return n
