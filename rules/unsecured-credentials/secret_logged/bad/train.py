import os

import mlflow

api_key = os.environ["OPENAI_API_KEY"]
print(f"using {api_key}")
mlflow.log_param("key", os.environ["HF_TOKEN_API_KEY"])
print("password:", db_password)
