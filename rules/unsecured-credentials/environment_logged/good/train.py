import os

print(os.environ["RANK"], os.environ.get("WORLD_SIZE"))
print("set os.environ before start")
print("at", read_value(os.environ, "PATH_INFO", ""))
