#!/bin/sh
vllm serve corp/model --revision 0123456789abcdef0123456789abcdef01234567 --host 127.0.0.1
