from PIL import Image

Image.MAX_IMAGE_PIXELS = 64_000_000
