#!/bin/sh
# One more than fits into 32 bits.
echo '{"targetReplicas": 2147483648}'
