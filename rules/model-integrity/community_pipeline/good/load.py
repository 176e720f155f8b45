from diffusers import DiffusionPipeline

pipe = DiffusionPipeline.from_pretrained("org/model", custom_pipeline="./pipelines/mine")
other = DiffusionPipeline.from_pretrained("org/model")
