import tarfile

with tarfile.open("data.tar.gz") as archive:
    archive.extractall("data")
