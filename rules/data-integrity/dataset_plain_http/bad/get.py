import pandas as pd
frame = pd.read_csv("http://data.example.org/train.csv")
