#!/bin/sh
# Answers and leaves a process that holds nothing of the call. That is allowed: it is neither waited
# for nor ended. It ends by itself after a second.
setsid sleep 1 </dev/null >/dev/null 2>&1 &
echo '{"targetReplicas": 9}'
