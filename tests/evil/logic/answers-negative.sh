#!/bin/sh
# Less than nothing.
echo '{"targetReplicas": -9}'
