#!/bin/sh
# Stops itself: a stopped process does not see SIGTERM.
echo '{"targetReplicas": 9}'
kill -STOP $$
