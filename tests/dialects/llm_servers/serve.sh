#!/bin/sh
python -m vllm.entrypoints.openai.api_server --model m --host 127.0.0.1
vllm serve org/m --api-key k1234567 --trust-remote-code --revision 0123456789012345678901234567890123456789
python -m sglang.launch_server --model-path m --host 0.0.0.0
text-generation-launcher --model-id m
./llama-server -m x.gguf --host 0.0.0.0
litellm --config config.yaml
OLLAMA_HOST=0.0.0.0 ollama serve
ollama pull x
rpc-server -H 0.0.0.0
tensorflow_model_server --rest_api_port=8501
