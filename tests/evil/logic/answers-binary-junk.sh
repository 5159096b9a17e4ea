#!/bin/sh
# All 256 bytes, a thousand times: the same junk each time.
i=0
junk=
while [ $i -lt 256 ]; do
  junk="$junk\\$(printf %03o $i)"
  i=$((i + 1))
done
i=0
while [ $i -lt 1000 ]; do
  printf "$junk"
  i=$((i + 1))
done
