#!/bin/sh
# The other one.
echo '{"targetReplicas": -Infinity}'
