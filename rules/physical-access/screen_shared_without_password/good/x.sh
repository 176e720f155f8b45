#!/bin/sh
x11vnc -display :0 -rfbauth /run/secrets/vnc -localhost
