#!/bin/sh
ray start --head --dashboard-host=0.0.0.0
RAY_AUTH_MODE=token ray start --head
ray start --address=10.0.0.1:6379
ray start --head --include-dashboard=false
ray job submit -- python x.py
