#!/bin/sh
# Infinity, as Python writes it.
echo '{"targetReplicas": Infinity}'
