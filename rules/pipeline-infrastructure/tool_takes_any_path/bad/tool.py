from mcp.server.fastmcp import FastMCP

mcp = FastMCP("notes")


@mcp.tool()
def save(name: str, text: str) -> None:
    with open(name, "w") as f:
        f.write(text)
