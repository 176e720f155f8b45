#!/bin/sh
ipmitool -I lanplus -H 10.0.0.9 -U ADMIN -P ADMIN power status
