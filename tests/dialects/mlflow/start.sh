#!/bin/sh
mlflow server --app-name basic-auth --host 0.0.0.0
mlflow ui
mlflow server --host 0.0.0.0 $EXTRA_ARGS
mlflow models serve -m runs:/x/model -h 0.0.0.0 -p 1234
mlflow run .
