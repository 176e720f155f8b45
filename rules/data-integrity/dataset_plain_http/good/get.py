import pandas as pd
frame = pd.read_csv("https://data.example.org/train.csv")
local = pd.read_csv("http://localhost:8000/train.csv")
