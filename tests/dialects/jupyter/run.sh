#!/bin/sh
jupyter lab --ip=0.0.0.0 --allow-root --ServerApp.token=
jupyter notebook
jupyter-lab --ip "*" --IdentityProvider.token="$TOKEN"
jupyter nbconvert x.ipynb
start-notebook.sh --NotebookApp.password=argon2:abc
