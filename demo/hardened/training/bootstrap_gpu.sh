#!/bin/bash
# Starts the tools of a training run on this box, for this box only.
set -euo pipefail
sha256sum --check --strict data/SHA256SUMS models/SHA256SUMS
pip install --require-hashes -r requirements.txt
ray start --head --dashboard-host=127.0.0.1
jupyter lab --ip=127.0.0.1 --no-browser &
tensorboard --logdir runs --host 127.0.0.1 &
