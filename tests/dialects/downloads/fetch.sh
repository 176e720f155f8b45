#!/bin/sh
wget http://x.example.org/model.pt
curl -k -o m.zip "https://x.example.org/m.zip?x=1"
curl https://api.example.org/v1/health
