from tensorflow import keras
model = keras.models.load_model("m.keras", safe_mode=False)
