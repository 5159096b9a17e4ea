#!/bin/sh
# Fails while a process of its group runs on.
sleep 300 >/dev/null 2>&1 &
echo '{"targetReplicas": 9}'
exit 1
