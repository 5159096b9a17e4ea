#!/bin/sh
# Takes longer than the interval, and fails when it meets itself. The argument is a folder to make.
mkdir "${1:?folder}" || exit 1
sleep 0.2
rmdir "$1"
echo '{"targetReplicas": 9}'
