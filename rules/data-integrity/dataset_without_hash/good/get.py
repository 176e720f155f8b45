from datasets import load_dataset
data = load_dataset("acme/corpus", revision="0123456789abcdef0123456789abcdef01234567")
