import sqlite3

from fastapi import FastAPI

app = FastAPI()
db = sqlite3.connect("features.db")


@app.get("/features/{user}")
def features(user: str):
    return db.execute("SELECT * FROM features WHERE user = ?", (user,)).fetchall()


@app.get("/rows/{n}")
def rows(n: int):
    return db.execute(f"SELECT * FROM features LIMIT {n}").fetchall()
