#!/bin/sh
# The key is misspelt.
echo '{"targetReplica": 9}'
