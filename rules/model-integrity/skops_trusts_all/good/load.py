import skops.io as sio

model = sio.load("model.skops", trusted=["my_package.Scaler"])
other = sio.load("other.skops")
