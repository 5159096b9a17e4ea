#!/bin/sh
# Wraps around to 9 for who reads it into 64 bits.
echo '{"targetReplicas": 18446744073709551625}'
