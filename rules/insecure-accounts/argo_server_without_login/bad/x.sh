#!/bin/sh
argo server --auth-mode=server
