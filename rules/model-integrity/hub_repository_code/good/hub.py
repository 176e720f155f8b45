import torch
model = torch.hub.load("./vision", "resnet", source="local")
