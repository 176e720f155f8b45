import joblib, sys
model = joblib.load(sys.argv[1])
