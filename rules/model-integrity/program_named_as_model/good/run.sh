#!/bin/sh
echo weights
