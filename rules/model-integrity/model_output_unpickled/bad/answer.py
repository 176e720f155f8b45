import base64
import pickle

from openai import OpenAI

client = OpenAI()


def ask(q):
    return client.responses.create(model="m", input=q).output_text


state = pickle.loads(base64.b64decode(ask("state?")))
