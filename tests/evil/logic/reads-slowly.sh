#!/bin/sh
# Reads a few bytes, sleeps, reads the rest: no fault.
head -c 5 > /dev/null
sleep 0.2
cat > /dev/null
echo '{"targetReplicas": 9}'
