#!/bin/sh
tritonserver --model-repository=/m --allow-metrics=false
