import html, json, os, pickle, shlex, subprocess
from functools import partial

import grpc, jinja2, torch, zmq
from fastapi import FastAPI, UploadFile
from fastapi.middleware.cors import CORSMiddleware
from langchain_community.agent_toolkits import SQLDatabaseToolkit
from openai import OpenAI

api = FastAPI(docs_url=None)
api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
client = OpenAI()
unsafe_load = partial(torch.load, weights_only=False)
ALLOWED = {"a": 1}


class Settings:
    host: str = "0.0.0.0"


settings = Settings()


class Store:
    def keep(self, name, data):
        with open("/models/" + name, "wb") as out:
            out.write(data)
        return unsafe_load("/models/" + name)


@api.post("/models")
async def upload(file: UploadFile, n: int, name: str, kind: str):
    store = Store()
    store.keep(file.filename, await file.read())
    if kind not in ALLOWED:
        raise ValueError(kind)
    os.system("convert " + kind)              # checked
    os.system(f"convert {shlex.quote(name)}")  # quoted
    os.system(f"convert {n}")                  # a number
    subprocess.run(["convert", name])
    return jinja2.Template(name).render()


def plan(question):
    reply = client.chat.completions.create(model="m", messages=[question])
    return json.loads(reply.choices[0].message.content)["code"]


def act(question):
    steps = [s.strip() for s in plan(question)]
    for step in steps:
        exec(step)


def work():
    socket = zmq.Context().socket(zmq.PULL)
    socket.bind("tcp://*:5555")
    return socket.recv_pyobj()


server = grpc.server(None)
server.add_insecure_port("[::]:50051")
channel = grpc.insecure_channel("models.example.invalid:50051")
tools = SQLDatabaseToolkit(db=None, llm=None)
api_key = os.environ["OPENAI_API_KEY"]
print(f"key {api_key}", settings.host)
print(dict(os.environ))
