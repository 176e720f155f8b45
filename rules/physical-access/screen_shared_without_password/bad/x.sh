#!/bin/sh
x11vnc -display :0 -nopw -forever
