#!/bin/sh
argo server --auth-mode=sso
