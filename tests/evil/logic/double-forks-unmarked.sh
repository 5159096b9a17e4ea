#!/bin/sh
# The same, with an empty environment: nothing tells whose process it was.
(env -i setsid /usr/bin/setsid /bin/sh -c 'trap "" TERM; while :; do sleep 0.05; done' &)
echo '{"targetReplicas": 9}'
