#!/bin/sh
# A hundred thousand open brackets.
printf '{"targetReplicas": 9, "x": '
head -c 100000 /dev/zero | tr '\0' '['
