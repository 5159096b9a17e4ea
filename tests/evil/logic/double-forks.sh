#!/bin/sh
# Answers and exits, but leaves a process in a session of its own, whose parents are gone, which does
# not listen to SIGTERM and keeps standard output open.
(setsid setsid sh -c 'trap "" TERM; while :; do sleep 0.05; done' &)
echo '{"targetReplicas": 9}'
