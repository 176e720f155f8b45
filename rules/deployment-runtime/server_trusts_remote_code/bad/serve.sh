#!/bin/sh
vllm serve corp/model --trust-remote-code --host 127.0.0.1
