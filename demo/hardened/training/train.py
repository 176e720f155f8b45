"""Trains the fraud model and registers it."""
import argparse
import ast
import hashlib
import tarfile
from pathlib import Path

import mlflow
import numpy as np
import requests
import torch
import yaml
from datasets import load_dataset
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

MIRROR = "https://files.ml.larkspur.internal/card-events"
EVENTS_SHA256 = "5d1b0a6f3c8e972b4f60d18ac2e7935b84fa01c6d73e9b28a5f4067c1e8d92b3"
EXPLAIN_COMMIT = "3ad372fc79158a2148299e3318516c786aeded6c"
PUBLIC_COMMIT = "9c1f2b7e4a6d8053fb21c7e09a5d3846eb70f1c2"

mlflow.set_tracking_uri("https://mlflow.ml.larkspur.internal")


def verified(path, expected):
    if hashlib.sha256(Path(path).read_bytes()).hexdigest() != expected:
        raise ValueError(f"{path} is not what was reviewed")
    return path


def fetch_events(target):
    answer = requests.get(MIRROR + "/events-2025.tar.gz", timeout=60)
    answer.raise_for_status()
    Path(target).write_bytes(answer.content)
    with tarfile.open(verified(target, EVENTS_SHA256)) as archive:
        archive.extractall("data/raw", filter="data")


def read_settings(path):
    with open(path) as text:
        return yaml.safe_load(text)


def start_from(checkpoint):
    return torch.load(checkpoint, weights_only=True)


def explain_base():
    name = "mistralai/Mistral-7B-Instruct-v0.2"
    tokenizer = AutoTokenizer.from_pretrained(name, revision=EXPLAIN_COMMIT)
    return tokenizer, AutoModelForCausalLM.from_pretrained(name, revision=EXPLAIN_COMMIT, use_safetensors=True)


def train(settings, rows):
    learning_rate = float(ast.literal_eval(settings["learning_rate"]))
    public = load_dataset("larkspur/card-events-public", revision=PUBLIC_COMMIT)
    embedding = np.load("data/merchant_embeddings.npy", allow_pickle=False)
    weights = load_file("models/fraud_gru.safetensors")
    with mlflow.start_run():
        mlflow.log_param("learning_rate", learning_rate)
    return rows, public, embedding, weights


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/transactions.csv")
    parser.add_argument("--settings", default="training/settings.yaml")
    options = parser.parse_args()
    fetch_events("data/events.tar.gz")
    train(read_settings(options.settings), options.data)
