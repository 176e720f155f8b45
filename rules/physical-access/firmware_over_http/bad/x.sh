#!/bin/sh
curl -O http://vendor.example/gpu/vbios-94.02.rom
