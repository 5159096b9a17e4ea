#!/bin/sh
# Two different numbers.
echo '{"targetReplicas": 2, "targetReplicas": 9}'
