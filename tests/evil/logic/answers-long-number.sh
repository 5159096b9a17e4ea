#!/bin/sh
# A number of a million digits.
printf '{"targetReplicas": '
head -c 1000000 /dev/zero | tr '\0' 9
echo '}'
