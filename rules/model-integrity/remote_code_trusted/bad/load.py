from transformers import AutoModel
model = AutoModel.from_pretrained("acme/base", trust_remote_code=True)
