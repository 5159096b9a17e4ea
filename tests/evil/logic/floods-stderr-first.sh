#!/bin/sh
# Half a megabyte on standard error before the answer: who reads standard output first waits for
# ever.
head -c 500000 /dev/zero | tr '\0' x >&2
echo '{"targetReplicas": 9}'
