#!/bin/sh
tensorboard --logdir runs --bind_all
streamlit run app.py --server.address 0.0.0.0
prefect server start --host 0.0.0.0
dagster-webserver -h 0.0.0.0 -p 3000
argo server --auth-mode=server
uvicorn app:app
streamlit hello
