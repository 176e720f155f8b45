import sqlite3

from fastapi import FastAPI

app = FastAPI()
db = sqlite3.connect("features.db")


@app.get("/features/{user}")
def features(user: str):
    query = f"SELECT * FROM features WHERE user = '{user}'"
    return db.execute(query).fetchall()
