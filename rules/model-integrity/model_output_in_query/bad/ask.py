import sqlite3

from anthropic import Anthropic

client = Anthropic()
db = sqlite3.connect("sales.db")


def answer(question):
    reply = client.messages.create(model="m", max_tokens=100, messages=[{"role": "user", "content": question}])
    sql = "SELECT " + reply.content[0].text
    return db.execute(sql).fetchall()
