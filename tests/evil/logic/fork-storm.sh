#!/bin/sh
# A hundred and fifty processes that do not listen to SIGTERM. Not without bounds: each ends by
# itself after ten seconds at most.
trap '' TERM
echo '{"targetReplicas": 9}'
for branch in 1 2 3 4 5 6 7 8 9 10; do
  (
    for leaf in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 10 & done
    wait
  ) &
done
wait
