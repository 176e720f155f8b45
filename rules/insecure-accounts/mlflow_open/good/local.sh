#!/bin/sh
mlflow server --host 127.0.0.1 --port 5000
