#!/bin/sh
celery -A app flower --port=5555
