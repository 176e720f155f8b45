import os

print(os.environ["RANK"], os.environ.get("WORLD_SIZE"))
print("set os.environ before start")
