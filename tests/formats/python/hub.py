import argparse
import requests, urllib.request
import pandas as pd
import mlflow, torch
from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline
from huggingface_hub import hf_hub_download, snapshot_download

parser = argparse.ArgumentParser()
parser.add_argument("--base-model", default="acme/base-7b", help="x")
args = parser.parse_args()
REV = "0123456789abcdef0123456789abcdef01234567"

m = AutoModelForCausalLM.from_pretrained(args.base_model, trust_remote_code=True)
tok = AutoTokenizer.from_pretrained("acme/base-7b", revision=REV)
p = pipeline("text-generation", model="acme/chat", revision="v1")
w = hf_hub_download(repo_id="acme/w", filename="model.pt")
s = snapshot_download("acme/w", revision=REV)
hub = torch.hub.load("acme/vision:v0.10.0", "resnet", trust_repo=True)
local = AutoTokenizer.from_pretrained("./out")
reg = mlflow.pyfunc.load_model("models:/fraud/latest")
fixed = mlflow.pyfunc.load_model("models:/fraud/3")
ds = load_dataset("acme/corpus")
ds2 = load_dataset("acme/corpus", revision=REV)
ds3 = load_dataset("csv", data_files="http://data.example.org/train.csv")
urllib.request.urlretrieve("http://data.example.org/a.tar.gz", "a.tar.gz")
df = pd.read_csv("https://data.example.org/b.csv")
blob = requests.get("https://data.example.org/c.zip", verify=False).content
x = torch.load(requests.get("https://data.example.org/c.pt").content)


def checked(url):
    import hashlib
    urllib.request.urlretrieve("https://data.example.org/d.csv", "d.csv")
    assert hashlib.sha256(open("d.csv", "rb").read()).hexdigest() == "00"
