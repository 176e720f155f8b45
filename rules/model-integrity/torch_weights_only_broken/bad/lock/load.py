import sys
import torch

state = torch.load(sys.argv[1], weights_only=True)
