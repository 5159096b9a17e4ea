#!/bin/sh
# Not a whole number.
echo '{"targetReplicas": 8.6}'
