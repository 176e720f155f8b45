uvx litellm==1.40.0 --port 4000
uvx ruff@0.4.1 check
uvx --from 'httpie[ssl]>=3' --with rich http example.com
pipx run black==24.1.0 .
pipx list
uv tool install mlflow==2.3.0
PIP_EXTRA_INDEX_URL="http://a.example/simple https://b.example/simple" pip install private
export UV_INSECURE_HOST=c.example
uv pip install torch
