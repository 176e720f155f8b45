#!/bin/sh
mlflow run https://git.example.org/p.git -P a=1
