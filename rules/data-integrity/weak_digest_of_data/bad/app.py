import hashlib
def verify_dataset(path, want):
    return hashlib.md5(open(path, 'rb').read()).hexdigest() == want
