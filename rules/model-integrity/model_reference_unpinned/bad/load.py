from huggingface_hub import snapshot_download
path = snapshot_download("acme/base")
