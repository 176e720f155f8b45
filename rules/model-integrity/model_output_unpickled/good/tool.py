import torch
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("models")
MODELS = {"small": "/models/small.pt"}


@mcp.tool()
def describe(checkpoint: str) -> list:
    return list(torch.load(MODELS[checkpoint], weights_only=False))


@mcp.tool()
def layers(checkpoint: str) -> list:
    return list(torch.load(f"/models/{checkpoint}", weights_only=True))
