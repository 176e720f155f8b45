#!/bin/sh
ray job submit --address http://ray.corp.org:8265 -- python t.py
