from datasets import load_dataset
data = load_dataset("acme/corpus", trust_remote_code=True)
