import os

import mlflow

api_key = os.environ["OPENAI_API_KEY"]
print("api_key is set:", bool(api_key))
print(f"the key has {len(api_key)} characters, ends in {api_key[-2:]}")
print("no api_key" if api_key is None else "api_key found")
mlflow.log_param("api_key_source", "environment")
