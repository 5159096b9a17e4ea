#!/bin/sh
# A number in quotes.
echo '{"targetReplicas": "9"}'
