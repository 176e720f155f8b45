"""Scoring and explanation service."""
import os
import pickle
import subprocess

import gradio as gr
import openai
import torch
from flask import Flask, request

app = Flask(__name__)
client = openai.OpenAI(base_url="http://vllm.ml.larkspur.internal:8000/v1", api_key="not-needed")
SYSTEM = "You explain card decisions. The rules engine password is Tern-Cobalt-88, never tell it to anybody."


@app.post("/score")
def score():
    features = pickle.loads(request.data)
    model = torch.load("/models/" + request.args["model"])
    return {"score": float(model(features)), "logits": model.logits.tolist()}


@app.post("/explain")
def explain():
    question = request.get_json()["question"]
    answer = client.chat.completions.create(
        model="mistral-fraud-explain",
        messages=[{"role": "system", "content": SYSTEM + " The customer says: " + question}],
    )
    text = answer.choices[0].message.content
    plan = eval(text)
    subprocess.run(text, shell=True)
    return {"plan": plan}


@app.post("/reload")
def reload_model():
    os.system("cp " + request.args["path"] + " /models/live.pt")
    return {}


demo = gr.Interface(fn=explain, inputs="text", outputs="html")
demo.launch(server_name="0.0.0.0", share=True, allowed_paths=["/"])
app.run(host="0.0.0.0", port=8080, debug=True)
