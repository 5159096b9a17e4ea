#!/bin/sh
# A hundred megabytes on standard error, and an answer.
echo '{"targetReplicas": 9}'
exec head -c 100000000 /dev/zero >&2
