#!/bin/sh
sshpass -f /run/secrets/pw ssh pi@10.0.0.9
