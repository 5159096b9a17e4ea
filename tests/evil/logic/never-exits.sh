#!/bin/sh
# Answers, and then does not end.
echo '{"targetReplicas": 9}'
sleep 300
