#!/bin/sh
# An answer that is cut off.
echo '{"targetReplicas": 9'
