import hashlib
def verify_dataset(path, want):
    return hashlib.sha256(open(path, 'rb').read()).hexdigest() == want
def cache_key(x):
    return hashlib.md5(x).hexdigest()
