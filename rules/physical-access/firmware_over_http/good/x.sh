#!/bin/sh
curl -O https://vendor.example/gpu/vbios-94.02.rom
