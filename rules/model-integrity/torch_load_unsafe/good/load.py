import torch
from safetensors.torch import load_file

def restore(path, **options):
    return torch.load(path, weights_only=True), load_file(path), torch.load(path, **options)
