#!/bin/sh
# Answers and exits, but leaves a process that keeps standard output open.
sleep 300 &
echo '{"targetReplicas": 9}'
