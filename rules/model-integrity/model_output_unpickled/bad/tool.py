import torch
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("models")


@mcp.tool()
def describe(checkpoint: str) -> list:
    path = f"/models/{checkpoint}"
    return list(torch.load(path, weights_only=False))
