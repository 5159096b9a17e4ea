#!/bin/sh
# Two answers.
echo '{"targetReplicas": 9}'
echo '{"targetReplicas": 9}'
