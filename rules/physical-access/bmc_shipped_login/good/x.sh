#!/bin/sh
ipmitool -I lanplus -H 10.0.0.9 -U ops -f /run/secrets/ipmi power status
