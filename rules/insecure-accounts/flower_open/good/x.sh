#!/bin/sh
celery -A app flower --basic_auth=$FLOWER_LOGIN
