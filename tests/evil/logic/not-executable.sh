#!/bin/sh
# Lacks the right to be executed.
echo '{"targetReplicas": 9}'
