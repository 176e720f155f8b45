#!/usr/bin/env bash
set -euo pipefail
PORT=${PORT:-5000}
export MLFLOW_TRACKING_USERNAME=admin
mlflow server --host 0.0.0.0 --port "$PORT" \
  --backend-store-uri postgresql://mlflow:s3cret-pw@db/mlflow &
curl -fsSL https://get.example.org/install.sh | sudo bash
bash -c "$(wget -qO- https://get.example.org/more.sh)"
for f in *.csv; do
  python prepare.py "$f" $EXTRA_ARGS
done
cat > cfg <<CFG
mlflow server --host not-run
CFG
docker run -d -p 8888:8888 jupyter/base-notebook start-notebook.sh --NotebookApp.token=''
