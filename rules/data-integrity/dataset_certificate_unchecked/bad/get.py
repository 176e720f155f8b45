import requests
blob = requests.get("https://data.example.org/train.zip", verify=False).content
