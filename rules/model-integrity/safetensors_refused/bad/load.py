from diffusers import DiffusionPipeline

pipe = DiffusionPipeline.from_pretrained("org/model", use_safetensors=False)
