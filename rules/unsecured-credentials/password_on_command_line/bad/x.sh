#!/bin/sh
sshpass -p raspberry1 ssh pi@10.0.0.9
