#!/bin/sh
tritonserver --model-repository=/m --model-control-mode=explicit
tritonserver --http-address 127.0.0.1 --allow-grpc=false --http-restricted-api=model-repository:k=v
tritonserver $TRITON_ARGS
