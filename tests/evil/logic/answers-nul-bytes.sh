#!/bin/sh
# A NUL byte in the middle.
printf '{"targetReplicas": 9\0}\n'
