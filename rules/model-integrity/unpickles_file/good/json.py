import json, pickle
config = json.load(open("config.json"))
pickle.dump(config, open("out.pkl", "wb"))
