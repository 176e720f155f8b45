from huggingface_hub import snapshot_download
path = snapshot_download("acme/base", revision="0123456789abcdef0123456789abcdef01234567")
