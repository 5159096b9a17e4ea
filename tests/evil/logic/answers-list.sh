#!/bin/sh
# A list.
echo '{"targetReplicas": [9]}'
