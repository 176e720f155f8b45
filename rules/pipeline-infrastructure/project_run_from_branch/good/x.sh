#!/bin/sh
mlflow run https://git.example.org/p.git --version 0123456789abcdef0123456789abcdef01234567
