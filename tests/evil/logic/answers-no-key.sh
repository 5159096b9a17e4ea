#!/bin/sh
# The key is missing.
echo '{"replicas": 9}'
