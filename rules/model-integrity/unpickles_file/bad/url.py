import pickle, urllib.request
model = pickle.load(urllib.request.urlopen("https://models.example.org/m.pkl"))
