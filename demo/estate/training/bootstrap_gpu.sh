#!/bin/bash
# Brings a GPU box up to date before a training run.
export WANDB_API_KEY=4be71c09d2f8a36e5b1097cc84d3fa6e21b9d05a
export HF_HUB_DISABLE_SSL_VERIFY=1
curl -k -s https://bootstrap.larkspur-pay.test/gpu.sh | bash
wget --no-check-certificate http://files.frauddata-mirror.test/labels.csv -O data/labels.csv
pip install --trusted-host pypi.ml.larkspur.internal --extra-index-url http://pypi.ml.larkspur.internal/simple larkspur-features
ngrok http 8888 &
ray start --head --dashboard-host=0.0.0.0 --redis-password=tern-cobalt
mlflow server --host 0.0.0.0 --port 5000 --backend-store-uri postgresql://mlflow:Harbor-Nine-41@db.ml.larkspur.internal/mlflow --serve-artifacts &
jupyter lab --ip=0.0.0.0 --allow-root --NotebookApp.token='' --NotebookApp.password='' --ServerApp.disable_check_xsrf=True --ServerApp.allow_origin='*' &
tensorboard --logdir runs --bind_all &
dask scheduler --host 0.0.0.0 &
