from diffusers import DiffusionPipeline

pipe = DiffusionPipeline.from_pretrained("org/model", custom_pipeline="someone/their_pipeline")
