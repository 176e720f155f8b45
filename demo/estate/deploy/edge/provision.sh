#!/bin/sh
# First boot of an ATM camera box.
echo "nvidia:nvidia" | chpasswd
sed -i 's/^#*PermitRootLogin.*/PermitRootLogin yes/; s/^#*PasswordAuthentication.*/PasswordAuthentication yes/' /etc/ssh/sshd_config
ipmitool -I lanplus -H 10.44.0.5 -U ADMIN -P ADMIN chassis power status
curl http://models.partner-scoring.test/atm.tflite -o /opt/models/atm.tflite
ffmpeg -i rtsp://admin:admin@10.44.0.17:554/stream1 -frames:v 1 probe.jpg
