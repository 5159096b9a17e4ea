#!/bin/sh
# Not a number, as Python writes it.
echo '{"targetReplicas": NaN}'
