#!/bin/sh
# Writes to the file named by its argument until there is no room, forty megabytes at most, and
# fails. Give it a small file system, or none of your data.
file=${1:?which file to fill}
ulimit -f 40960
echo '{"targetReplicas": 9}'
exec dd if=/dev/zero of="$file" bs=1M count=50 2>&1 >/dev/null
