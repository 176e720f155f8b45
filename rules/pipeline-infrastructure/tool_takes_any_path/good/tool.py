from mcp.server.fastmcp import FastMCP

mcp = FastMCP("notes")


@mcp.tool()
def save(text: str) -> None:
    with open("notes.txt", "w") as f:
        f.write(text)
