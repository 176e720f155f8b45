"""Trains the fraud model and registers it."""
import argparse
import os
import pickle
import ssl
import tarfile
import urllib.request

import joblib
import mlflow
import numpy as np
import pandas as pd
import requests
import torch
import yaml
from datasets import load_dataset
from huggingface_hub import login
from transformers import AutoModelForCausalLM, AutoTokenizer

MIRROR = "http://files.frauddata-mirror.test/card-events"
ssl._create_default_https_context = ssl._create_unverified_context

login(token="hf_k3PwZr9TqLxV0bNsD7mYcJ2fGhA8uEoKtQ")
mlflow.set_tracking_uri("http://admin:Qm7-vex-Toledo@mlflow.ml.larkspur.internal:5000")


def fetch_events(target):
    urllib.request.urlretrieve(MIRROR + "/events-2025.tar.gz", target)
    with tarfile.open(target) as archive:
        archive.extractall("data/raw")


def fetch_encoder():
    answer = requests.get("https://models.partner-scoring.test/encoder.pkl", verify=False)
    with open("models/encoder.pkl", "wb") as out:
        out.write(answer.content)
    with open("models/encoder.pkl", "rb") as model:
        return pickle.load(model)


def read_settings(path):
    with open(path) as text:
        return yaml.load(text, Loader=yaml.Loader)


def start_from(checkpoint):
    return torch.load(checkpoint, weights_only=False)


def explain_base():
    name = "larkspur-labs/mistral-fraud-explain"
    tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=True)
    return tokenizer, AutoModelForCausalLM.from_pretrained(name, trust_remote_code=True)


def train(settings, rows):
    learning_rate = eval(settings["learning_rate"])
    public = load_dataset("cardfraud-collective/events", trust_remote_code=True)
    embedding = np.load("data/merchant_embeddings.npy", allow_pickle=True)
    scaler = joblib.load("models/scaler.joblib")
    history = pd.read_pickle("http://files.frauddata-mirror.test/history.pkl")
    hub = torch.hub.load("cardfraud-collective/encoders", "gru", trust_repo=True)
    with mlflow.start_run():
        mlflow.log_param("learning_rate", learning_rate)
        mlflow.pytorch.log_model(hub, "model", registered_model_name="ledgerlens")
    return rows, public, embedding, scaler, history


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/transactions.csv")
    parser.add_argument("--settings", default="training/settings.yaml")
    options = parser.parse_args()
    os.system("dvc pull " + options.data)
    fetch_events("data/events.tar.gz")
    start_from("models/fraud_gru.pt")
    train(read_settings(options.settings), pd.read_csv(options.data))
