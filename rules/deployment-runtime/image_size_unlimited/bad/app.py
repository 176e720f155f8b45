from PIL import Image

Image.MAX_IMAGE_PIXELS = None
