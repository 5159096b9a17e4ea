#!/bin/sh
# A boolean.
echo '{"targetReplicas": true}'
