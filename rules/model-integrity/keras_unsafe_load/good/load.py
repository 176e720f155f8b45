import keras
model = keras.models.load_model("m.keras")
other = keras.saving.load_model("n.keras", safe_mode=True)
