import torch
model = torch.hub.load("acme/vision:main", "resnet", trust_repo=True)
